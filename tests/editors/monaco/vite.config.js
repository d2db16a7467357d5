import { defineConfig } from "vite";

export default defineConfig({
  build: { target: "esnext", minify: false, modulePreload: false, reportCompressedSize: false, chunkSizeWarningLimit: 100000 },
  worker: { format: "es" },
  logLevel: "warn",
});
