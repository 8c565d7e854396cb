/* What the page holds, and its numbers.
 * The script is one module: values.js, colours.js, draw.js and page.js, put together in this order by embed.cmake. */

const NOT_FINITE = -32768;
const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
const palettes = { diverging: fromHex(data.diverging), sequential: fromHex(data.sequential) };
const state = { picture: 0, map: 0, x: 0, y: 0, show: "overlay", sign: "signed", scale: "own" };
let cards = []; // what is on the page of each map of the picture: radio, canvas, mark, value

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
    map.isSigned = map.given && map.steps.some((step) => step < 0 && step !== NOT_FINITE);
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
    map.sorted[kind] = map.steps
      .filter((step) => step !== NOT_FINITE)
      .map(of)
      .sort();
  }
  return map.sorted[kind];
}

// The number of steps that gets the full colour: see attrib_image_scale.
function fullSteps(map, sign, percentile) {
  const sorted = sizes(map, sign);
  if (sorted.length === 0) return 0;
  const position = (percentile * (sorted.length - 1)) / 100;
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
