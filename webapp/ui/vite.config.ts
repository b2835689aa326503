import { resolve } from "node:path";
import { defineConfig } from "vite";
import { strictPolicy } from "./strict-policy";

// Flask serves the result below /static/dist and reads the manifest (webapp/core/assets.py).
export default defineConfig({
  root: import.meta.dirname,
  base: "/static/dist/",
  publicDir: false,
  plugins: [strictPolicy()],
  resolve: { dedupe: ["preact"] }, // hooks of two copies do not know each other
  build: {
    outDir: resolve(import.meta.dirname, "../static/dist"),
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    assetsInlineLimit: 0, // the content security policy allows no data: fonts
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: {
        base: resolve(import.meta.dirname, "entries/base.ts"),
        theme: resolve(import.meta.dirname, "entries/theme.ts"),
      },
    },
  },
});
