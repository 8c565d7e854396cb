"use strict";
(() => {
  const NOT_FINITE = -32768;
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const palettes = { diverging: fromHex(data.diverging), sequential: fromHex(data.sequential) };
  const state = { picture: 0, map: 0, x: 0, y: 0, show: "overlay", sign: "signed", scale: "own" };
  let cards = []; // what is on the page of each map of the picture: radio, canvas, mark, value

  /* -- reading what the page holds */

  function fromHex(text) {
    const bytes = new Uint8Array(text.length / 2);
    for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.substr(2 * i, 2), 16);
    return bytes;
  }

  function readSteps(id) {
    const bytes = atob(byId(id).textContent);
    const steps = new Int16Array(bytes.length / 2);
    for (let i = 0; i < steps.length; i++) steps[i] = bytes.charCodeAt(2 * i) | (bytes.charCodeAt(2 * i + 1) << 8);
    return steps;
  }

  // Luma of Rec. 709, as the library's pictures have it.
  function readGrey(picture, p) {
    const canvas = document.createElement("canvas");
    canvas.width = picture.width;
    canvas.height = picture.height;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(byId("image-" + p), 0, 0);
    picture.colours = context.getImageData(0, 0, picture.width, picture.height).data;
    picture.grey = new Uint8Array(picture.width * picture.height);
    for (let i = 0; i < picture.grey.length; i++) {
      const c = picture.colours;
      picture.grey[i] = Math.floor(0.2126 * c[4 * i] + 0.7152 * c[4 * i + 1] + 0.0722 * c[4 * i + 2] + 0.5);
    }
  }

  function open(p) {
    const picture = data.pictures[p];
    if (picture.grey) return picture;
    readGrey(picture, p);
    picture.maps.forEach((map, m) => {
      if (map.given) map.steps = readSteps("values-" + p + "-" + m);
      map.sorted = {};
    });
    return picture;
  }

  /* -- numbers */

  // What a sign mode shows of a number of steps.
  const shown = {
    signed: (step) => step,
    absolute: Math.abs,
    positive: (step) => Math.max(step, 0),
    negative: (step) => Math.max(-step, 0),
  };

  // Sizes of what is shown, in rising order, for percentiles.
  function sizes(map, sign) {
    const kind = sign === "signed" ? "absolute" : sign;
    if (!map.sorted[kind]) {
      const of = shown[kind];
      map.sorted[kind] = map.steps.filter((step) => step !== NOT_FINITE).map(of).sort();
    }
    return map.sorted[kind];
  }

  // The number of steps that gets the full colour: see attrib_image_scale.
  function fullSteps(map, sign, percentile) {
    const sorted = sizes(map, sign);
    if (sorted.length === 0) return 0;
    const position = (percentile / 100) * (sorted.length - 1);
    const low = Math.floor(position);
    const high = Math.min(low + 1, sorted.length - 1);
    const value = sorted[low] + (position - low) * (sorted[high] - sorted[low]);
    return value > 0 ? value : sorted[sorted.length - 1];
  }

  function fullValue(map) {
    return fullSteps(map, state.sign, Number(byId("percentile").value)) * map.scale;
  }

  function scaleOf(picture, map) {
    if (state.scale === "own") return fullValue(map);
    return Math.max(...picture.maps.filter((other) => other.given).map(fullValue));
  }

  // Digits enough that rounding adds little to a step of the kept values.
  function fixedDigits(map) {
    return map.scale > 0 ? Math.max(0, Math.ceil(-Math.log10(map.scale / 10))) : 0;
  }

  function valueText(map, value) {
    const sign = value > 0 ? "+" : "";
    const most = 32767 * map.scale;
    if (most >= 1e-3 && most < 1e6) return sign + value.toFixed(Math.min(fixedDigits(map), 20));
    if (value === 0) return "0";
    const digits = Math.floor(Math.log10(Math.abs(value))) + Math.ceil(-Math.log10(map.scale / 10));
    return sign + value.toExponential(Math.min(Math.max(digits, 0), 6));
  }

  // Half a step, and what the digits above may add; rounded up.
  function boundText(map) {
    if (!(map.scale > 0)) return "0";
    const bound = 0.56 * map.scale;
    const unit = Math.pow(10, Math.floor(Math.log10(bound)) - 1);
    return (Math.ceil(bound / unit) * unit).toPrecision(2);
  }

  function textAt(map, i) {
    if (!map.given) return "no map";
    if (map.steps[i] === NOT_FINITE) return "not a number";
    return valueText(map, map.steps[i] * map.scale);
  }

  function shortText(value) {
    return String(Number(value.toPrecision(3)));
  }

  /* -- colours */

  // The palette, and the places in it of nothing and of full colour.
  function paletteOf(sign) {
    if (sign === "absolute") return { colours: palettes.sequential, zero: 0, full: 510 };
    return { colours: palettes.diverging, zero: 255, full: sign === "negative" ? 0 : 510 };
  }

  function paint(picture, map, scale) {
    const image = new ImageData(picture.width, picture.height);
    const look = { ...paletteOf(state.sign), of: shown[state.sign], unit: scale > 0 ? map.scale / scale : 0 };
    look.opacity = Number(byId("opacity").value) / 100;
    for (let i = 0; i < picture.grey.length; i++) paintPixel(image.data, i, picture, map, look);
    return image;
  }

  function paintPixel(to, i, picture, map, look) {
    const step = map.steps[i];
    to[4 * i + 3] = 255;
    if (state.show === "picture") {
      for (let c = 0; c < 3; c++) to[4 * i + c] = picture.colours[4 * i + c];
    } else if (step === NOT_FINITE) {
      const square = ((i % picture.width) >> 1) + (Math.floor(i / picture.width) >> 1);
      for (let c = 0; c < 3; c++) to[4 * i + c] = square % 2 === 0 ? 96 : 160;
    } else {
      const t = Math.max(-1, Math.min(1, look.of(step) * look.unit));
      const share = state.show === "map" ? 1 : look.opacity * Math.sqrt(Math.abs(t));
      const at = 3 * Math.round(look.zero + t * (look.full - look.zero));
      for (let c = 0; c < 3; c++) to[4 * i + c] = (1 - share) * picture.grey[i] + share * look.colours[at + c]; // rounded
    }
  }

  function put(canvas, image) {
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  /* -- drawing what the state says */

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
    const from = state.sign === "signed" ? 0 : look.zero;
    const image = new ImageData(256, 1);
    for (let i = 0; i < 256; i++) {
      const at = 3 * Math.round(from + (i / 255) * (look.full - from));
      image.data.set([look.colours[at], look.colours[at + 1], look.colours[at + 2], 255], 4 * i);
    }
    put(byId("colours"), image);
    byId("low").textContent = state.sign === "signed" ? "-" + shortText(scale) + ", against" : "0";
    byId("middle").textContent = state.sign === "signed" ? "0" : "";
    byId("high").textContent = keyEnd(shortText(scale));
  }

  function keyEnd(value) {
    if (state.sign === "absolute") return value + ", either way";
    return state.sign === "negative" ? "-" + value + ", against" : "+" + value + ", for the target";
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

  /* -- choosing */

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function radio(name, value, onChoice) {
    const made = element("input");
    made.type = "radio";
    made.name = name;
    made.value = value;
    made.addEventListener("change", onChoice);
    return made;
  }

  function chooseMap(m) {
    const picture = data.pictures[state.picture];
    state.map = m;
    cards[m].radio.checked = true;
    byId("kept").textContent = keptText(picture.maps[m]);
    for (const part of document.querySelectorAll(".shown [data-map]"))
      part.classList.toggle("chosen", Number(part.dataset.map) === m);
    draw();
    drawCross();
  }

  function keptText(map) {
    const channels = map.channels > 1 ? "Values are sums over " + map.channels + " channels, " : "Values are ";
    return channels + "kept here in 16 bits, so that each is within \u00b1 " + boundText(map) + " of what was computed.";
  }

  function makeCard(picture, m) {
    const map = picture.maps[m];
    const label = element("label");
    const card = element("span", "card");
    const made = { radio: radio("map", m, () => chooseMap(m)), value: element("span", "value") };
    made.radio.disabled = !map.given;
    card.append(map.given ? makeThumb(picture, made) : element("span", "absent", "no map"));
    card.append(element("b", "", map.method), element("span", "baseline", map.baseline));
    if (map.verdict > 0) card.append(element("span", "flag", map.verdict === 1 ? "! see the table" : "\u2717 failed"));
    card.append(made.value);
    label.append(made.radio, card);
    byId("maps").append(label);
    return made;
  }

  function makeThumb(picture, made) {
    const thumb = element("span", "thumb");
    thumb.style.maxWidth = (16 * picture.width) / picture.height + "rem"; // tall ones stay in sight
    made.canvas = element("canvas", picture.width < 160 ? "sharp" : "");
    made.mark = element("i");
    thumb.append(made.canvas, made.mark);
    return thumb;
  }

  // Only what is shown is there for readers of the page; in print all is.
  function showSection(p) {
    document.querySelectorAll("section.picture").forEach((section, i) => section.classList.toggle("shown", i === p));
    const section = byId("picture-" + p);
    section.insertBefore(byId("viewer"), section.querySelector(".gallery"));
    return section;
  }

  function choosePicture(p) {
    const picture = data.pictures[p];
    const first = picture.maps.findIndex((map) => map.given);
    const section = showSection(p);
    state.picture = p;
    section.classList.toggle("viewed", first >= 0);
    byId("viewer").hidden = first < 0;
    byId("maps").querySelectorAll("label").forEach((label) => label.remove());
    cards = [];
    if (first < 0) return;
    open(p);
    cards = picture.maps.map((map, m) => makeCard(picture, m));
    byId("canvas").className = picture.width < 400 ? "sharp" : "";
    byId("stage").style.maxWidth = (32 * picture.width) / picture.height + "rem";
    moveTo(Math.min(state.x, picture.width - 1), Math.min(state.y, picture.height - 1));
    const kept = picture.maps[state.map];
    chooseMap(kept && kept.given ? state.map : first);
  }

  function makePictureName(picture, p) {
    const made = element("span");
    const small = element("img");
    small.src = byId("image-" + p).src;
    small.alt = "";
    made.append(small, element("b", "", picture.name || "picture " + (p + 1)));
    return made;
  }

  function makePictures() {
    byId("pictures").hidden = data.pictures.length < 2;
    data.pictures.forEach((picture, p) => {
      const label = element("label");
      const choice = radio("picture", p, () => choosePicture(p));
      choice.checked = p === 0;
      label.append(choice, makePictureName(picture, p));
      byId("pictures").append(label);
    });
  }

  /* -- the cross-hair */

  function moveTo(x, y) {
    const picture = data.pictures[state.picture];
    state.x = Math.max(0, Math.min(picture.width - 1, x));
    state.y = Math.max(0, Math.min(picture.height - 1, y));
  }

  function point(event) {
    const picture = data.pictures[state.picture];
    const box = byId("canvas").getBoundingClientRect();
    moveTo(
      Math.floor(((event.clientX - box.left) / box.width) * picture.width),
      Math.floor(((event.clientY - box.top) / box.height) * picture.height),
    );
    drawCross();
  }

  function press(event) {
    const by = event.shiftKey ? 8 : 1;
    const picture = data.pictures[state.picture];
    const ways = {
      ArrowLeft: [state.x - by, state.y],
      ArrowRight: [state.x + by, state.y],
      ArrowUp: [state.x, state.y - by],
      ArrowDown: [state.x, state.y + by],
      Home: [0, state.y],
      End: [picture.width - 1, state.y],
    };
    if (!(event.key in ways) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    moveTo(...ways[event.key]);
    drawCross();
  }

  function goToExtreme(sign) {
    const picture = data.pictures[state.picture];
    const steps = picture.maps[state.map].steps;
    let best = -1;
    for (let i = 0; i < steps.length; i++)
      if (steps[i] !== NOT_FINITE && (best < 0 || sign * steps[i] > sign * steps[best])) best = i;
    if (best < 0) return;
    moveTo(best % picture.width, Math.floor(best / picture.width));
    drawCross();
  }

  /* -- putting it together */

  function listen() {
    for (const name of ["show", "sign", "scale"])
      for (const choice of document.getElementsByName(name))
        choice.addEventListener("change", () => {
          state[name] = choice.value;
          draw();
        });
    for (const id of ["opacity", "percentile"]) byId(id).addEventListener("input", draw);
    const stage = byId("stage");
    stage.addEventListener("pointermove", point);
    stage.addEventListener("pointerdown", point);
    stage.addEventListener("keydown", press);
    byId("highest").addEventListener("click", () => goToExtreme(1));
    byId("lowest").addEventListener("click", () => goToExtreme(-1));
  }

  // Browsers restore what was chosen before a reload: read it rather than assume it.
  function readChoices() {
    for (const name of ["show", "sign", "scale"])
      for (const choice of document.getElementsByName(name)) if (choice.checked) state[name] = choice.value;
  }

  async function start() {
    await Promise.all(data.pictures.map((picture, p) => byId("image-" + p).decode()));
    const middle = data.pictures[0];
    state.x = middle.width >> 1;
    state.y = middle.height >> 1;
    readChoices();
    listen();
    makePictures();
    document.documentElement.classList.add("scripted");
    choosePicture(0);
  }

  start();
})();
