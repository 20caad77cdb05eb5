// Takes the text out of PDFs by pdf.js, as Firefox does: paths in, {path: [text of each page]} out, as JSON.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const SHIPPED = new URL("node_modules/pdfjs-dist/", import.meta.url);

// It says what it cannot draw here, before any setting can keep it quiet; only text is asked of it.
const say = console.log;
console.log = console.warn = () => {};
const { getDocument, VerbosityLevel } = await import(
  new URL("legacy/build/pdf.mjs", SHIPPED)
);

// The tables of character codes and the standard fonts come with it: nothing is fetched.
const settings = {
  cMapUrl: fileURLToPath(new URL("cmaps/", SHIPPED)),
  cMapPacked: true,
  standardFontDataUrl: fileURLToPath(new URL("standard_fonts/", SHIPPED)),
  verbosity: VerbosityLevel.ERRORS,
};

async function pageText(page) {
  const { items } = await page.getTextContent();
  return items.map((item) => item.str + (item.hasEOL ? "\n" : "")).join("");
}

async function pages(path) {
  const data = new Uint8Array(await readFile(path));
  const task = getDocument({ data, ...settings });
  const document = await task.promise;
  const found = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    found.push(await pageText(await document.getPage(number)));
  }
  await task.destroy();
  return found;
}

const found = {};
for (const path of process.argv.slice(2)) {
  found[path] = await pages(path);
}
say(JSON.stringify(found));
