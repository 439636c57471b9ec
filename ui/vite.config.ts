// Two programs from one package: the witness app (inside the shell's webview) and the console (in a browser).
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { renameSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The page of a program is its folder's `index.html`, whatever its source is called. */
function asIndex(page: string, folder: string): Plugin {
  return {
    name: "saksi-as-index",
    apply: "build",
    closeBundle: {
      order: "post",
      handler: () => renameSync(`${folder}/${page}`, `${folder}/index.html`),
    },
  };
}

export default defineConfig(({ mode }) => {
  const program = mode === "console" ? "console" : "witness";
  const page = `${program}.html`;
  const outDir = here(`./dist/${program}`);
  // In `dev-fake` the witness app talks to sample answers in the browser instead of to the shell.
  const fake = mode === "dev-fake";
  return {
    base: program === "witness" ? "./" : "/",
    publicDir: false,
    plugins: [svelte(), ...(fake ? [] : [asIndex(page, outDir)])],
    resolve: {
      alias: fake ? [{ find: /^@tauri-apps\/api\/(core|event)$/, replacement: here("./dev/shell.ts") }] : [],
    },
    build: {
      outDir: fake ? here("./dist/dev-fake") : outDir,
      emptyOutDir: true,
      target: "chrome87",
      cssTarget: "chrome87",
      rollupOptions: { input: here(`./${fake ? "dev/witness" : program}.html`) },
    },
    server: { host: "127.0.0.1", port: program === "witness" ? 5173 : 5174, strictPort: true },
    test: {
      include: ["src/**/*.test.ts"],
      environment: "node",
      // A slow machine that is busy takes longer than the 5 s of vitest, and a test that hangs still ends.
      testTimeout: 60_000,
      // The witness writes in one time zone and reads in it; the tests take the middle one, WITA.
      env: { TZ: "Asia/Makassar" },
    },
  };
});
