/* The desk works without this. With it a language is found by typing, and a double click asks once. */
"use strict";

// A mail server takes its time: whoever clicks again meanwhile would have a second draft.
const PAUSES = { mailbox: 20000 }, PAUSE = 1000; // milliseconds in which a form is not sent again in the same way
const sent = new Map();
document.addEventListener("submit", (event) => {
  const way = event.submitter ? event.submitter.value : "", key = `${event.target.action} ${way}`;
  if (event.timeStamp - (sent.get(key) ?? -Infinity) < (PAUSES[way] ?? PAUSE)) event.preventDefault();
  else sent.set(key, event.timeStamp);
});

const search = document.getElementById("search");
if (search) {
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const tiles = [...document.querySelectorAll(".tongues li")].map((tile) => ({ tile, text: folded(`${tile.textContent} ${tile.dataset.also || ""}`) }));
  const show = () => {
    const words = folded(search.value).split(/\s+/).filter(Boolean);
    for (const { tile, text } of tiles) tile.hidden = !words.every((word) => text.includes(word));
  };
  search.closest("p").hidden = false;
  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => {
    const shown = tiles.filter(({ tile }) => !tile.hidden);
    if (event.key === "Enter" && shown.length === 1) shown[0].tile.querySelector("a").click();
  });
  show();
}
