/* Maps in colours. */

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
