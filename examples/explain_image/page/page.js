/* Choosing, by mouse and by keyboard. */

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
  byId("meaning").textContent = picture.maps[m].meaning;
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
  if (picture.maps.some((other) => other.target !== map.target)) card.append(element("span", "target", "for " + map.target));
  if (map.verdict > 0) card.append(element("span", "flag", map.verdict === 1 ? "! see the table" : "\u2717 failed"));
  card.append(made.value);
  label.append(made.radio, card);
  byId("maps").append(label);
  return made;
}

function makeThumb(picture, made) {
  const thumb = element("span", "thumb");
  thumb.style.maxWidth = 16 * picture.aspect + "rem"; // tall ones stay in sight
  made.canvas = element("canvas", picture.width < 160 ? "sharp" : "");
  made.canvas.style.aspectRatio = picture.aspect;
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
  byId("maps")
    .querySelectorAll("label")
    .forEach((label) => label.remove());
  cards = [];
  if (first < 0) return;
  open(p);
  cards = picture.maps.map((map, m) => makeCard(picture, m));
  byId("canvas").className = picture.width < 400 ? "sharp" : "";
  byId("canvas").style.aspectRatio = picture.aspect;
  byId("stage").style.maxWidth = 32 * picture.aspect + "rem";
  moveTo(Math.min(state.x, picture.width - 1), Math.min(state.y, picture.height - 1));
  const kept = picture.maps[state.map];
  chooseMap(kept && kept.given ? state.map : first);
}

function makePictureName(picture, p) {
  const made = element("span");
  const small = element("img");
  small.src = byId("image-" + p).src;
  small.alt = "";
  small.style.aspectRatio = picture.aspect;
  made.append(small, element("b", "", picture.name || "picture " + (p + 1)));
  return made;
}

// The policy allows no style in the markup; a picture that the model saw squeezed is shown as it was.
function stretchPictures() {
  data.pictures.forEach((picture, p) => {
    for (const image of byId("picture-" + p).querySelectorAll(".gallery figure > img"))
      image.style.aspectRatio = picture.aspect;
  });
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
  stretchPictures();
  document.documentElement.classList.add("scripted");
  choosePicture(0);
}

start();
