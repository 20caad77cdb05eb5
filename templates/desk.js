/* The desk works without this. With it a language is found by typing. */
"use strict";

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
