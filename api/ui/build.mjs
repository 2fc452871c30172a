// Bundle each file of src/ into ../static/built, where the service finds it: scripts as modules, styles with their fonts.
import { build } from "esbuild";
import { readdirSync, rmSync } from "node:fs";

const here = new URL(".", import.meta.url).pathname;
const entries = readdirSync(`${here}src`).filter((name) => /\.(ts|css)$/.test(name));

rmSync(`${here}../static/built`, { recursive: true, force: true });
await build({
  entryPoints: entries.map((name) => `${here}src/${name}`),
  outdir: `${here}../static/built`,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "utf8",
  legalComments: "linked",
  loader: { ".woff2": "file" },
  assetNames: "[name]",
  logLevel: "warning",
});
