/* Optional: the register by keyboard, a row that is changed where it stands, and how many are ticked.
   Keys act only while nobody types, and can be switched off in the dialog that lists them. */
const root = document.documentElement;
const ROW = "[data-rows] tr[data-risk]";
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";

let wanted = ""; // the field that was clicked, to get the focus once the form is there
let leaving = ""; // the risk whose row is swapped, if it is ticked

const rowOf = (element) => element.closest?.(ROW);

function focusRow(row) {
  (row.querySelector("a.title") ?? row.querySelector("select, input"))?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const rows = [...document.querySelectorAll(ROW)];
  const here = rows.indexOf(rowOf(document.activeElement));
  const next = here < 0 && step < 0 ? undefined : rows[here + step];
  if (next) focusRow(next);
  return Boolean(next);
}

function press(row, selector) {
  const control = row?.querySelector(selector);
  control?.click();
  return Boolean(control);
}

const showKeys = () => {
  const dialog = document.querySelector("[data-keys]");
  dialog?.showModal();
  return Boolean(dialog);
};

/* Each answers whether it did something; then the key does nothing else. */
const keys = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  j: () => move(1),
  k: () => move(-1),
  e: (row) => press(row, "[data-change]"),
  x: (row) => press(row, "input[name=risk]"),
  " ": (row, at) => at.matches("a.title") && press(row, "input[name=risk]"),
  "?": showKeys,
};

function onKey(event) {
  const at = event.target;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const form = at.closest?.("[data-changing] form");
  if (event.key === "Enter" && form && at.matches("select")) {
    event.preventDefault(); // browsers differ: some would open the list of choices, as Space does
    form.requestSubmit();
    return;
  }
  if (event.key === "Escape" && press(at.closest?.("[data-changing]"), "[data-leave]")) {
    event.preventDefault();
    return;
  }
  if (root.dataset.keys === "off" || at.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
  const isArrow = event.key.startsWith("Arrow");
  if (isArrow && !rowOf(at) && at !== document.body && at.id !== "main") return;
  if (keys[event.key]?.(rowOf(at), at)) event.preventDefault();
}

function countTicked() {
  const boxes = [...document.querySelectorAll(`${ROW} input[type=checkbox][name=risk]`)];
  const ticked = boxes.filter((box) => box.checked);
  const inForms = document.querySelectorAll(`${ROW} input[type=hidden][name=risk]`).length;
  for (const box of boxes) {
    const row = rowOf(box);
    if (box.checked) row.setAttribute("aria-selected", "true");
    else row.removeAttribute("aria-selected");
  }
  const all = document.querySelector("[data-tick-all]");
  if (all) {
    all.hidden = boxes.length === 0;
    all.checked = boxes.length > 0 && ticked.length === boxes.length;
    all.indeterminate = ticked.length > 0 && ticked.length < boxes.length;
  }
  for (const place of document.querySelectorAll("[data-ticked]")) place.textContent = ` (${ticked.length + inForms})`;
  for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false;
}

function onChange(event) {
  if (event.target.matches("[data-tick-all]")) {
    for (const box of document.querySelectorAll(`${ROW} input[name=risk]`)) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-keys-on]")) switchKeys(event.target.checked);
  if (event.target.matches("[data-tick-all], input[name=risk]")) countTicked();
}

function switchKeys(on) {
  root.dataset.keys = on ? "on" : "off";
  try {
    localStorage.setItem("keys", root.dataset.keys);
  } catch {
    // A browser that keeps nothing: they are as chosen until the page is left.
  }
}

function onClick(event) {
  if (event.target.closest("[data-show-keys]")) showKeys();
  const cell = event.target.closest("[data-rows] td[data-field]");
  if (!cell || event.target.closest("a, input, label, button") || String(getSelection())) return;
  const link = cell.parentElement.querySelector("[data-change][hx-get]");
  if (!link) return;
  wanted = cell.dataset.field;
  link.click();
}

/* A row that is ticked stays so while it is a form, and afterwards. */
function keepTick(row) {
  const kept = document.createElement("input");
  const box = row.querySelector("input[name=risk]");
  if (box) box.checked = true;
  else row.querySelector("td")?.append(Object.assign(kept, { type: "hidden", name: "risk", value: row.dataset.risk }));
  if (!box) kept.setAttribute("form", "many");
}

function onBeforeSwap(event) {
  const row = event.detail.target;
  const box = row.matches?.(ROW) && row.querySelector("input[name=risk]");
  leaving = box && (box.checked || box.type === "hidden") ? row.dataset.risk : "";
}

/* The form that a row became, or the row it is again: the focus goes on from where it was. */
function onLoad(event) {
  const row = event.detail.elt;
  if (row.matches?.(ROW)) {
    if (leaving === row.dataset.risk) keepTick(row);
    if (row.matches("[data-changing]")) focusForm(row);
    else focusRow(row);
    const said = document.querySelector("[data-said]");
    if (said) said.textContent = row.dataset.saved ?? "";
  }
  countTicked();
}

function focusForm(row) {
  const places = ["[data-focus]", "[aria-invalid=true]", `[name=${wanted || "status"}]`];
  places.map((place) => row.querySelector(place)).find(Boolean)?.focus();
  wanted = "";
}

function onFailure(event) {
  const told = event.target.closest?.("[data-changing]")?.querySelector("[data-failed]");
  if (told) told.hidden = false;
}

const box = document.querySelector("[data-keys-on]");
if (box) box.checked = root.dataset.keys !== "off";
document.addEventListener("keydown", onKey);
document.addEventListener("change", onChange);
document.addEventListener("click", onClick);
document.addEventListener("htmx:beforeSwap", onBeforeSwap);
document.addEventListener("htmx:load", onLoad);
document.addEventListener("htmx:responseError", onFailure);
document.addEventListener("htmx:sendError", onFailure);
addEventListener("pageshow", countTicked);
