/* Drawing what the state says. */

let drawing = false;

function draw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    drawMaps();
  });
}

function drawMaps() {
  const picture = data.pictures[state.picture];
  picture.maps.forEach((map, m) => {
    if (!map.given) return;
    const image = paint(picture, map, scaleOf(picture, map));
    put(cards[m].canvas, image);
    if (m === state.map) put(byId("canvas"), image);
  });
  drawKey(picture);
  drawControls();
}

function drawKey(picture) {
  const map = picture.maps[state.map];
  const scale = scaleOf(picture, map);
  const look = paletteOf(state.sign);
  const from = state.sign === "signed" && map.isSigned ? 0 : look.zero;
  const image = new ImageData(256, 1);
  for (let i = 0; i < 256; i++) {
    const at = 3 * Math.round(from + (i / 255) * (look.full - from));
    image.data.set([look.colours[at], look.colours[at + 1], look.colours[at + 2], 255], 4 * i);
  }
  put(byId("colours"), image);
  byId("low").textContent = from < look.zero ? withWord("-" + shortText(scale), map.low) : "0";
  byId("middle").textContent = from < look.zero ? "0" : "";
  byId("high").textContent = keyEnd(map, shortText(scale));
}

function withWord(value, word) {
  return word === "" ? value : value + ", " + word;
}

function keyEnd(map, value) {
  if (state.sign === "absolute") return map.isSigned ? value + ", either way" : withWord(value, map.high);
  return state.sign === "negative" ? withWord("-" + value, map.low) : withWord("+" + value, map.high);
}

function drawControls() {
  const opacity = byId("opacity");
  opacity.disabled = state.show !== "overlay";
  byId("opacity-text").textContent = opacity.disabled ? "overlay only" : opacity.value + " %";
  byId("percentile-text").textContent = byId("percentile").value + " %";
}

function drawCross() {
  const picture = data.pictures[state.picture];
  const i = state.y * picture.width + state.x;
  const left = (100 * (state.x + 0.5)) / picture.width + "%";
  const top = (100 * (state.y + 0.5)) / picture.height + "%";
  place(byId("across"), null, top);
  place(byId("down"), left, null);
  place(byId("frame"), left, top);
  byId("frame").style.width = 100 / picture.width + "%";
  byId("frame").style.height = 100 / picture.height + "%";
  cards.forEach((card, m) => {
    if (card.mark) place(card.mark, left, top);
    card.value.textContent = textAt(picture.maps[m], i);
  });
  drawReadout(picture.maps[state.map], i);
}

function place(element, left, top) {
  if (left !== null) element.style.left = left;
  if (top !== null) element.style.top = top;
}

function drawReadout(map, i) {
  const value = document.createElement("strong");
  value.id = "value";
  value.textContent = textAt(map, i);
  const where = "at x " + state.x + ", y " + state.y;
  const bound = map.steps[i] === NOT_FINITE ? " " : " \u00b1 " + boundText(map) + " ";
  byId("readout").replaceChildren(value, bound + where + ": " + nameOf(map) + ", for " + map.target);
}

function nameOf(map) {
  return map.baseline === "" ? map.method : map.method + ", " + map.baseline;
}
