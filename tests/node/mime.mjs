// Messages as mailparser and postal-mime read them: [base64, …] on standard input,
// {mailparser: [message, …], "postal-mime": [message, …]} out, as JSON; what is no text is base64.
import { text } from "node:stream/consumers";
import libmime from "libmime";
import { simpleParser } from "mailparser";
import PostalMime, { decodeWords } from "postal-mime";

const base64 = (bytes) => Buffer.from(bytes).toString("base64");
const texts = (plain, html) =>
  [
    ["text/plain", plain],
    ["text/html", html],
  ].filter(([, body]) => typeof body === "string");
const part = (type, name, id, body) => ({ type, name: name ?? "", id: id ?? "", ...body });

// Nothing is made out of something else: no HTML from text, no text from HTML, no data: from cid:.
const asItIs = { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true, skipImageLinks: true };

async function byMailparser(raw) {
  const read = await simpleParser(raw, asItIs);
  return {
    subject: read.subject ?? "",
    headers: read.headerLines.map(({ key, line }) => [
      key,
      libmime.decodeWords(line.slice(line.indexOf(":") + 1).replace(/\r?\n(?=[ \t])/g, "")),
    ]),
    parts: [
      ...texts(read.text, read.html).map(([type, body]) => part(type, "", "", { text: body })),
      ...read.attachments.map((a) =>
        part(a.contentType, a.filename, a.contentId, { bytes: base64(a.content) }),
      ),
    ],
  };
}

async function byPostalMime(raw) {
  const read = await PostalMime.parse(raw);
  return {
    subject: read.subject ?? "",
    headers: read.headers.map(({ key, value }) => [key, decodeWords(value)]),
    parts: [
      ...texts(read.text, read.html).map(([type, body]) => part(type, "", "", { text: body })),
      ...read.attachments.map((a) =>
        part(a.mimeType, a.filename, a.contentId, { bytes: base64(a.content) }),
      ),
    ],
  };
}

const messages = JSON.parse(await text(process.stdin)).map((each) => Buffer.from(each, "base64"));
const found = { mailparser: [], "postal-mime": [] };
for (const raw of messages) {
  found.mailparser.push(await byMailparser(raw));
  found["postal-mime"].push(await byPostalMime(raw));
}
process.stdout.write(JSON.stringify(found));
