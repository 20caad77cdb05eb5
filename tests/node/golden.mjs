// Writes what citeproc-js makes of the reference list in the style “NLM/Vancouver: Citing Medicine, 2nd
// edition (citation-sequence)”: node tests/node/golden.mjs > tests/golden/references.nlm.txt
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const CSL = require("citeproc");
const style = require("@citation-js/plugin-csl/lib/styles.json").vancouver;
const locale = require("@citation-js/plugin-csl/lib/locales.json")["en-US"];
if (!style.includes("nlm-citation-sequence")) throw new Error("the style is no longer that of the NLM");

const lists = ["../../content/references.json", "../golden/references.json"];
for (const list of lists) {
  const items = new Map(JSON.parse(readFileSync(join(here, list), "utf8")).map((item) => [item.id, item]));
  const engine = new CSL.Engine({ retrieveLocale: () => locale, retrieveItem: (id) => items.get(id) }, style, "en-US", true);
  engine.setOutputFormat("text");
  engine.updateItems([...items.keys()]);
  for (const line of engine.makeBibliography()[1]) console.log(line.trim().replace(/^\d+\. /, ""));
}
