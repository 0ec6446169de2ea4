// Builds web/static/dist (fingerprinted files, each also compressed, and manifest.json); with --tests: the unit tests.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

const CLIENT = "web/client";
const DIST = "web/static/dist";

const ENTRIES = {
  site: [`${CLIENT}/styles/site.css`, `${CLIENT}/site/main.ts`],
  chat: [`${CLIENT}/styles/chat.css`, `${CLIENT}/chat/start.ts`],
  desk: [`${CLIENT}/styles/desk.css`, `${CLIENT}/desk/main.ts`],
  dark: [`${CLIENT}/styles/dark.css`],
  icon: ["web/static/icon.svg"],
  "icon-neutral": ["web/static/icon-neutral.svg"],
};

async function buildDist() {
  rmSync(DIST, { recursive: true, force: true });
  const result = await build({
    entryPoints: Object.entries(ENTRIES).flatMap(([out, files]) => files.map((file) => ({ in: file, out }))),
    entryNames: "[name]-[hash]",
    loader: { ".svg": "copy" },
    outdir: DIST,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  const manifest = {};
  for (const [file, { bytes }] of Object.entries(result.metafile.outputs)) {
    const made = basename(file);
    const plain = made.replace(/-[A-Z0-9]{8}(?=\.[a-z]+$)/, "");
    manifest[plain] = made;
    const packed = compress(join(DIST, made));
    console.log(`${plain.padEnd(18)} ${String(bytes).padStart(7)} bytes, ${String(packed).padStart(6)} on the wire`);
  }
  writeFileSync(join(DIST, "manifest.json"), `${JSON.stringify(manifest, Object.keys(manifest).sort(), 2)}\n`);
}

/** Beside the file, once for all visitors and therefore as small as can be; web/http/assets.py serves what a browser takes. */
function compress(path) {
  const plain = readFileSync(path);
  const packed = brotliCompressSync(plain); // the best quality is the default
  writeFileSync(`${path}.br`, packed);
  writeFileSync(`${path}.gz`, gzipSync(plain, { level: 9 }));
  return packed.length;
}

async function runTests() {
  const folder = mkdtempSync(join(tmpdir(), "halte-tests-"));
  const tests = readdirSync(`${CLIENT}/test`).filter((name) => name.endsWith(".test.ts"));
  await build({
    entryPoints: tests.map((name) => join(CLIENT, "test", name)),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
  });
  const made = readdirSync(folder).map((name) => join(folder, name));
  const { status } = spawnSync(process.execPath, ["--test", ...made], { stdio: "inherit" });
  rmSync(folder, { recursive: true, force: true });
  process.exit(status ?? 1);
}

await (process.argv.includes("--tests") ? runTests() : buildDist());
