// What mail clients do not support, by caniemail: {clients: [name, …], pages: {name: HTML}} on standard input,
// {name: {client: [feature, …]}} out, as JSON. Only errors: what a client supports in part is no error.
import { text } from "node:stream/consumers";
import { caniemail } from "caniemail";

// A parser puts <tbody> into every table, and caniemail reads it as <body>.
const withoutTbody = (html) => html.replace(/<\/?tbody\b[^>]*>/g, "");

function errors(clients, html) {
  const found = Object.fromEntries(clients.map((client) => [client, []]));
  for (const [client, issues] of caniemail({ clients, html: withoutTbody(html) }).issues.errors) {
    found[client] = [...new Set(issues.map((issue) => issue.title))].sort();
  }
  return found;
}

const { clients, pages } = JSON.parse(await text(process.stdin));
for (const client of clients) caniemail({ clients: [client], html: "<p>" }); // Throws where it knows none such.
const all = Object.entries(pages).map(([name, html]) => [name, errors(clients, html)]);
process.stdout.write(JSON.stringify(Object.fromEntries(all)));
