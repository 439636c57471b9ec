// Lints for TypeScript and Svelte. A warning counts as an error (see the `lint` script).
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

// camelCase; snake_case is for the fields of the generated types, which come from Rust.
const naming = [
  { selector: "default", format: ["camelCase"], leadingUnderscore: "allow" },
  { selector: "import", format: null },
  { selector: "typeLike", format: ["PascalCase"] },
  {
    selector: "variable",
    modifiers: ["const"],
    format: ["camelCase", "UPPER_CASE"],
    leadingUnderscore: "allow",
  },
  // Objects of the generated types are written in tests, samples and requests, and the shell names its commands so.
  { selector: ["objectLiteralProperty", "objectLiteralMethod"], format: null },
  { selector: "typeProperty", modifiers: ["requiresQuotes"], format: null },
];

// Private members are `#private`, which the program keeps too, and not `private`, which only the compiler does.
const privateModifiers = ["PropertyDefinition", "MethodDefinition", "TSParameterProperty"].map((node) => ({
  selector: `${node}[accessibility="private"]`,
  message: "Write `#name` instead of `private name`.",
}));

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
      curly: ["error", "all"],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/naming-convention": ["error", ...naming],
    },
  },
  {
    files: ["**/*.ts", "**/*.svelte"],
    rules: { "no-restricted-syntax": ["error", ...privateModifiers] },
  },
  {
    // Old phones run the witness app in a webview as old as Chrome 87, and no polyfill is shipped.
    files: ["src/witness/**", "src/shared/**"],
    rules: {
      "no-restricted-syntax": [
        "error",
        ...privateModifiers,
        ...["at", "findLast", "findLastIndex", "hasOwn", "toSorted", "toReversed", "with"].map((name) => ({
          selector: `CallExpression[callee.type='MemberExpression'][callee.property.name='${name}']`,
          message: `\`${name}\` is younger than Chrome 87.`,
        })),
      ],
      "no-restricted-globals": ["error", { name: "structuredClone", message: "Younger than Chrome 87." }],
    },
  },
);
