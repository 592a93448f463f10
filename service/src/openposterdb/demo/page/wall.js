// Copying, switching language and size, and a soft entrance: the page works without any of it.

const toast = document.querySelector(".toast");
let fading;

function say(words) {
  toast.textContent = words;
  toast.dataset.shown = "";
  clearTimeout(fading);
  fading = setTimeout(() => delete toast.dataset.shown, 1600);
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(`${what} copied`);
  } catch {
    // Over plain HTTP from another machine browsers keep the clipboard closed.
    window.prompt("Copy with Ctrl+C:", text);
  }
}

function reveal(image) {
  const frame = image.closest(".frame");
  const done = () => image.classList.remove("waiting");
  frame.classList.remove("failed");
  if (image.complete && image.naturalWidth) return done();
  image.classList.add("waiting");
  image.addEventListener("load", done, { once: true });
  image.addEventListener("error", () => { done(); frame.classList.add("failed"); }, { once: true });
}

function variant(path, form) {
  const query = new URLSearchParams();
  for (const name of ["lang", "imageSize"]) {
    if (form.elements[name].value) query.set(name, form.elements[name].value);
  }
  return `${path}?${query}`.replace(/\?$/, "");
}

function show(card, path) {
  const image = card.querySelector("img");
  if (image.getAttribute("src") === path) return;
  image.src = path;
  card.querySelector(".frame").href = path;
  const link = card.querySelector(".url a");
  link.href = path;
  link.replaceChildren(...path.split(/(?<=\/)/).flatMap((part) => [part, document.createElement("wbr")]));
  reveal(image);
}

for (const place of document.querySelectorAll("[data-origin]")) place.textContent = location.origin;
for (const image of document.querySelectorAll(".frame img")) reveal(image);
for (const button of document.querySelectorAll(".copy")) button.hidden = false;

document.addEventListener("click", (event) => {
  const button = event.target.closest(".copy");
  if (!button) return;
  if ("copyCommand" in button.dataset) {
    copy(button.parentElement.querySelector("code").textContent, "Command");
  } else {
    copy(button.parentElement.querySelector("a").href, "URL");
  }
});

const form = document.querySelector(".controls");
form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", () => {
  const media = form.elements.media.value;
  for (const card of document.querySelectorAll(".posters .card")) {
    card.toggleAttribute("data-hidden", media !== "" && card.dataset.media !== media);
    show(card, variant(card.dataset.path, form));
  }
});
