// The HTML report in a real browser: it opens without an error, loads nothing, filters, and fits a phone.
'use strict';
const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const puppeteer = require('puppeteer-core');

const [tools] = process.argv.slice(2);

(async () => {
  const browser = await puppeteer.launch({ executablePath: execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim(), args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage();
  const errors = [];
  const requests = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));

  const open = async (name) => {
    fs.copyFileSync(path.join(tools, `${name}.html`), path.join(tools, `${name}.page.html`));
    await page.goto(`file://${path.join(tools, `${name}.page.html`)}`);
  };
  const shown = () => page.$$eval('#findings > article', (cards) => cards.filter((card) => !card.hidden && card.offsetParent !== null).length);
  const total = () => page.$$eval('#findings > article:not([data-waived])', (cards) => cards.length);

  await page.setViewport({ width: 1280, height: 900 });
  await open('all');
  const all = await total();
  assert(all > 50, `${all} findings`);
  assert.equal(await shown(), all, 'everything that counts is shown at first');
  await page.screenshot({ path: path.join(tools, 'desktop.png') });

  await page.type('#search', 'privileged');
  const some = await shown();
  assert(some > 0 && some < all, `${some} of ${all} match`);
  assert.equal(await page.$eval('#shown', (out) => out.textContent), `${some} shown`);
  await page.$eval('#search', (input) => { input.value = 'nothing has this'; input.dispatchEvent(new Event('input', { bubbles: true })); });
  assert.equal(await shown(), 0);
  assert(await page.$eval('#none', (note) => !note.hidden));
  await page.$eval('#search', (input) => { input.value = ''; input.dispatchEvent(new Event('input', { bubbles: true })); });
  await page.click('input[value=low]');
  const lows = await page.$$eval('article.low:not([data-waived])', (cards) => cards.length);
  assert.equal(await shown(), all - lows, 'a severity is switched off');
  await page.click('input[value=low]');
  const rule = await page.$eval('#rule option:nth-child(2)', (option) => option.value);
  await page.select('#rule', rule);
  assert(await page.$$eval('#findings > article', (cards, rule) => cards.every((card) => card.hidden || card.dataset.rule === rule), rule));
  await page.select('#rule', '');

  const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  const light = await back();
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  const dark = await back();
  assert.notEqual(light, dark, 'light and dark differ');
  await page.click('#theme');
  assert.equal(await back(), light, 'the button turns it round');
  await page.click('#theme');

  await page.setViewport({ width: 390, height: 844, isMobile: true, hasTouch: true });
  await page.evaluate(() => scrollTo(0, 0));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert(wide <= 390, `the page is ${wide} pixels wide on a phone of 390`);
  await page.screenshot({ path: path.join(tools, 'phone.png') });

  await open('none');
  assert.equal(await total(), 0);
  assert.deepEqual(errors, []);
  assert(requests.every((url) => url.startsWith('file:') && url.endsWith('.page.html')), requests.join(' '));
  await browser.close();
  console.log(`html: ${all} findings, opens, filters, light and dark, phone and desktop`);
})().catch((error) => { console.error(error); process.exit(1); });
