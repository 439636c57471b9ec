// Lints for TypeScript and Svelte. A warning counts as an error (see the `lint` script).
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

export default ts.config(
  { ignores: ["dist", "node_modules", "src/shared/generated"] },
  ...ts.configs.strict,
  ...svelte.configs["flat/recommended"],
  { languageOptions: { globals: { ...globals.browser } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
  },
  {
    rules: {
      "no-console": "error",
      eqeqeq: "error",
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  {
    // Old phones run the witness app in a webview as old as Chrome 87, and no polyfill is shipped.
    files: ["src/witness/**", "src/shared/**"],
    rules: {
      "no-restricted-syntax": [
        "error",
        ...["at", "findLast", "findLastIndex", "hasOwn", "toSorted", "toReversed", "with"].map((name) => ({
          selector: `CallExpression[callee.type='MemberExpression'][callee.property.name='${name}']`,
          message: `\`${name}\` is younger than Chrome 87.`,
        })),
      ],
      "no-restricted-globals": ["error", { name: "structuredClone", message: "Younger than Chrome 87." }],
    },
  },
);
