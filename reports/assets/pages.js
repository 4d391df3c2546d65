// Filters that live in the address, tables that follow them, charts whose signals they are.
const charts = {};

// A filter is a control with data-filter; its value stands in the part of the address behind #, unless it is the first one.
const filters = [...document.querySelectorAll("[data-filter]")];
const listeners = [];

const isBox = (control) => control.type === "checkbox";
const valueOf = (control) => (isBox(control) ? String(control.checked) : control.value);
const setValue = (control, value) => {
  if (isBox(control)) control.checked = value === "true";
  else control.value = value;
};
const valuesOfFilters = () => Object.fromEntries(filters.map((control) => [control.dataset.filter, valueOf(control)]));

function writeAddress() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  for (const control of filters) {
    if (valueOf(control) === control.dataset.first) parameters.delete(control.dataset.filter);
    else parameters.set(control.dataset.filter, valueOf(control));
  }
  const text = parameters.toString();
  history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
}

function readAddress() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  for (const control of filters) {
    const value = parameters.get(control.dataset.filter) ?? control.dataset.first;
    setValue(control, value);
    // A value that is no choice (any more) leaves the control as it was at first.
    if (valueOf(control) !== value) setValue(control, control.dataset.first);
  }
}

// Rows with data-<filter> show when all of them say so; a search looks into the text of the row.
function filterRows(values) {
  for (const table of document.querySelectorAll("[data-rows]")) {
    const wanted = table.dataset.rows.split(" ").map((name) => [name, values[name] ?? ""]);
    let shown = 0;
    let total = 0;
    for (const row of table.querySelectorAll("[data-row]")) {
      const fits = wanted.every(([name, value]) => {
        if (value === "") return true;
        if (name === "search") return row.dataset.search.includes(value.trim().toLowerCase());
        return row.dataset[name] === value;
      });
      row.hidden = !fits;
      total += 1;
      shown += fits;
    }
    const count = document.querySelector(`[data-count-of="${table.id}"]`);
    if (count) count.textContent = `${shown} of ${total}`;
    const nothing = document.querySelector(`[data-nothing-in="${table.id}"]`);
    if (nothing) nothing.hidden = shown > 0;
  }
}

// What the charts show beside their own data: signals (the filters and what a page makes of them) and whole data sets.
const shown = { signals: {}, data: {} };

const asSignal = (value) => (typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value);

// Put signals and data sets into the charts that have them; a chart is drawn when it is first to be seen.
async function show(signals, data = {}) {
  Object.assign(shown.signals, signals);
  Object.assign(shown.data, data);
  for (const place of document.querySelectorAll("[data-chart]")) {
    const name = place.dataset.chart;
    if (place.hidden) continue;
    if (!(name in charts)) {
      charts[name] = await draw(place);
      continue;
    }
    const { view } = charts[name];
    for (const signal of charts[name].signals) view.signal(signal, asSignal(shown.signals[signal]));
    for (const set of charts[name].data) view.data(set, shown.data[set]);
    await view.runAsync();
  }
}

async function draw(place) {
  const spec = JSON.parse(document.getElementById(`${place.dataset.chart}-spec`).textContent);
  // Vega names the drawing by its description.
  spec.description = place.getAttribute("aria-label");
  const signals = (spec.signals ?? []).filter((signal) => signal.name in shown.signals);
  const data = spec.data.filter((set) => set.name in shown.data);
  for (const signal of signals) signal.value = asSignal(shown.signals[signal.name]);
  for (const set of data) set.values = shown.data[set.name];
  const { view } = await vegaEmbed(place, spec, { mode: "vega", renderer: "svg", actions: false });
  return { view, signals: signals.map((signal) => signal.name), data: data.map((set) => set.name) };
}

async function applyFilters() {
  const values = valuesOfFilters();
  filterRows(values);
  // A page may make more of the filters: further signals, which it gives back, and data sets.
  for (const listener of listeners) Object.assign(values, listener(values));
  await show(values);
}

async function start() {
  for (const control of filters) control.dataset.first = valueOf(control);
  readAddress();
  for (const control of filters) {
    control.addEventListener("input", () => {
      writeAddress();
      applyFilters();
    });
  }
  addEventListener("hashchange", () => {
    readAddress();
    applyFilters();
  });
  await applyFilters();
  document.documentElement.dataset.ready = "true";
}

addEventListener("DOMContentLoaded", start);
