// Serves the page, bridges its WebSocket to the server's standard input and output, and uses it as somebody would.
// usage: node drive.js PLIMSOLL SCREENSHOTS

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import puppeteer from "puppeteer-core";
import { WebSocketServer } from "ws";

const [plimsoll, shots] = process.argv.slice(2);
const project = mkdtempSync(join(tmpdir(), "plimsoll-monaco-"));
writeFileSync(join(project, "plimsoll.toml"), "");
writeFileSync(join(project, "Dockerfile"), "FROM debian:12.7\n# \u00e9\u{1d54f}\nRUN apt-get install curl\nUSER root\n");
writeFileSync(join(project, "main.tf"), 'resource "aws_ebs_volume" "a" {\n  availability_zone = "eu-west-1a"\n  size              = 10\n  encrypted         = false # \u{1d54f}\n}\n');
mkdirSync(shots, { recursive: true });

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".wasm": "application/wasm", ".svg": "image/svg+xml", ".ttf": "font/ttf" };
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  const path = pathname.startsWith("/project/") ? join(project, pathname.slice(9)) : join("dist", pathname === "/" ? "index.html" : pathname);
  if (!existsSync(path)) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": types[extname(path)] ?? "text/plain" }).end(readFileSync(path));
});
new WebSocketServer({ server }).on("connection", (socket) => {
  const child = spawn(plimsoll, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
  let buffer = Buffer.alloc(0);
  child.stdout.on("data", (data) => {
    buffer = Buffer.concat([buffer, data]);
    for (;;) {
      const end = buffer.indexOf("\r\n\r\n");
      const length = end < 0 ? undefined : Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, end).toString())[1]);
      if (length === undefined || buffer.length < end + 4 + length) return;
      socket.send(buffer.subarray(end + 4, end + 4 + length).toString());
      buffer = buffer.subarray(end + 4 + length);
    }
  });
  socket.on("message", (data) => child.stdin.write(`Content-Length: ${data.length}\r\n\r\n${data}`));
  socket.on("close", () => child.stdin.end());
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const base = `http://127.0.0.1:${server.address().port}/`;

const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const wait = { timeout: 120000, polling: 100 };
try {
  const open = async (file, language) => {
    const page = await browser.newPage();
    await page.setViewport({ width: 1100, height: 420 });
    page.on("pageerror", (error) => console.error(`page: ${error.message}`));
    const query = new URLSearchParams({ folder: project, file, language });
    await page.goto(`${base}?${query}`);
    return page;
  };
  const marked = (page, code) => page.waitForFunction((code) => window.plimsoll?.markers().find((one) => one.code === code), wait, code);

  const page = await open("Dockerfile", "dockerfile");
  await marked(page, "docker/user-root");
  const flagged = await (await marked(page, "docker/apt-no-assume-yes")).jsonValue();
  await page.waitForSelector(".squiggly-error", wait);
  await page.screenshot({ path: join(shots, "1-dockerfile-squiggles.png") });
  await page.evaluate(() => {
    window.plimsoll.at(4, 7);
    window.plimsoll.run("editor.action.showHover");
  });
  await page.waitForFunction(() => document.querySelector(".monaco-hover")?.textContent.includes("docker/user-root"), wait);
  await page.screenshot({ path: join(shots, "2-dockerfile-hover.png") });
  await page.keyboard.press("Escape");
  await page.evaluate(({ line, column }) => {
    window.plimsoll.at(line, column);
    window.plimsoll.run("editor.action.quickFix");
  }, flagged);
  await page.waitForFunction(() => document.querySelector(".action-widget")?.textContent.includes("-y"), wait);
  await page.screenshot({ path: join(shots, "3-dockerfile-quick-fixes.png") });
  const titles = await page.$$eval(".action-widget .monaco-list-row.action", (rows) => rows.map((row) => row.textContent));
  const at = titles.findIndex((title) => title.includes("-y"));
  const rows = await page.$$(".action-widget .monaco-list-row.action");
  await rows[at].click();
  await page.waitForFunction(() => window.plimsoll.text().includes("install -y curl"), wait);
  await page.waitForFunction(() => !window.plimsoll.markers().some((one) => one.code === "docker/apt-no-assume-yes"), wait);
  await page.screenshot({ path: join(shots, "4-dockerfile-fixed.png") });
  assert.equal(await page.evaluate(() => window.plimsoll.text()), "FROM debian:12.7\n# \u00e9\u{1d54f}\nRUN apt-get install -y curl\nUSER root\n");
  await page.close();

  const terraform = await open("main.tf", "terraform");
  await marked(terraform, "terraform/ebs-unencrypted");
  await terraform.waitForSelector("[class*=squiggly]", wait);
  await terraform.screenshot({ path: join(shots, "5-terraform-squiggles.png") });
  await terraform.evaluate(() => {
    const { line, column } = window.plimsoll.markers().find((one) => one.code === "terraform/ebs-unencrypted");
    window.plimsoll.at(line, column);
    window.plimsoll.run("editor.action.showHover");
  });
  await terraform.waitForFunction(() => document.querySelector(".monaco-hover")?.textContent.includes("terraform/ebs-unencrypted"), wait);
  await terraform.screenshot({ path: join(shots, "6-terraform-hover.png") });
  console.log(`monaco: squiggles and hover in a Dockerfile and a Terraform file, a quick fix applied; screenshots in ${shots}`);
} finally {
  await browser.close();
  server.close();
}
process.exit(0);
