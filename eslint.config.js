import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["**/node_modules/**", "**/.venv/**", "**/static/dist/**", "bot/**"] },
  {
    files: ["web/client/**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // node:test returns promises that its runner awaits itself.
      "@typescript-eslint/no-floating-promises": [
        "error",
        { allowForKnownSafeCalls: [{ from: "package", name: ["test", "describe", "it"], package: "node:test" }] },
      ],
      "no-restricted-globals": ["error", "localStorage", "sessionStorage", "indexedDB"],
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Text from outside goes in with textContent." },
        { property: "outerHTML", message: "Text from outside goes in with textContent." },
        { property: "insertAdjacentHTML", message: "Text from outside goes in with textContent." },
      ],
    },
  },
);
