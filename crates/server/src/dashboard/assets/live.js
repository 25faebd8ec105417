// Live parts: the server renders them, this module swaps them in. Everything also works without it.
//
// A page that can change carries its own address in data-live. One stream per tab tells which parts of it look
// different now; while the tab is hidden there is no stream. A part with the reader's focus in a field is left alone.

const address = document.body.dataset.live;
const state = document.getElementById("link-state");
let stream = null;

const say = (text) => {
  if (state && state.textContent !== text) state.textContent = text;
};

const values = (root) =>
  new Map([...root.querySelectorAll("[data-value]")].map((node) => [node.dataset.value, node.textContent]));

const openDetails = (root) => [...root.querySelectorAll("details")].map((node) => node.open);

// The old part gives way to the new one; what the reader has opened stays open, and changed numbers light up.
const swap = ({ id, html }) => {
  const old = document.getElementById(id);
  if (!old || !old.hasAttribute("data-part")) return;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  if (focused && focused.matches("input, select, textarea")) return;
  const [before, open] = [values(old), openDetails(old)];
  const place = focused && [...old.querySelectorAll("a, button, summary")].indexOf(focused);
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const node of template.content.querySelectorAll("[data-value]")) {
    const known = before.get(node.dataset.value);
    if (known !== undefined && known !== node.textContent) node.classList.add("changed");
  }
  template.content.querySelectorAll("details").forEach((node, at) => {
    node.open = open[at] ?? false;
  });
  old.replaceChildren(template.content);
  if (focused) old.querySelectorAll("a, button, summary")[place]?.focus({ preventScroll: true });
  count();
};

const start = () => {
  if (!address || stream || document.hidden) return;
  stream = new EventSource(`/live?at=${encodeURIComponent(address)}`);
  stream.addEventListener("open", () => say("Live: this page follows what happens."));
  stream.addEventListener("part", (event) => swap(JSON.parse(event.data)));
  stream.addEventListener("error", () => say("Not connected: what you see may be old. Trying again…"));
};

const stop = () => {
  stream?.close();
  stream = null;
};

document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
window.addEventListener("pagehide", stop);
window.addEventListener("pageshow", start);

// Relative times keep counting between two updates. The same steps as on the server.
const amount = (seconds) => {
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 129600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} days`;
};

const ago = (at) => {
  const seconds = Math.trunc((Date.now() - at) / 1000);
  if (Math.abs(seconds) < 2) return "just now";
  return seconds < 0 ? `in ${amount(-seconds)}` : `${amount(seconds)} ago`;
};

const count = () => {
  for (const node of document.querySelectorAll("time[data-ago]")) {
    const text = ago(Date.parse(node.dateTime));
    if (node.textContent !== text) node.textContent = text;
  }
};

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

setInterval(count, 1000);
start();
