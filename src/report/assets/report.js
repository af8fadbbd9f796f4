// The page of one run (HEARTH.runs is in it) or of several (HEARTH.live: they are asked for, and again while they grow).
"use strict";
const COLORS = ["#1f77b4", "#d65a31", "#2c8c46", "#9457b2", "#be9614", "#17a0aa", "#dc508c", "#787878"];
const PARTS = { train: [], val: [6, 4], test: [2, 3] };
const LAYERS = "grad_norm/", BY_LAYER = "grad_norm by layer";
const state = { x: "step", smooth: 0, log: false, hidden: new Set(), charts: new Map() };

function el(tag, attributes, ...children) {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attributes || {})) k.startsWith("on") ? e.addEventListener(k.slice(2), v) : e.setAttribute(k, v);
  for (const c of children.flat()) if (c != null) e.append(c);
  return e;
}
function short(v) {
  if (v == null || typeof v !== "number") return v == null ? "–" : String(v);
  if (Number.isInteger(v) && Math.abs(v) < 1e6) return v.toLocaleString("en");
  const a = Math.abs(v);
  if (a >= 1e9) return (v / 1e9).toPrecision(3) + " G";
  if (a >= 1e6) return (v / 1e6).toPrecision(3) + " M";
  return a !== 0 && (a < 1e-3 || a >= 1e5) ? v.toExponential(2) : String(+v.toPrecision(4));
}
function duration(s) {
  if (s == null) return "–";
  return s < 60 ? s.toFixed(1) + " s" : s < 3600 ? Math.floor(s / 60) + " min " + Math.round(s % 60) + " s" : (s / 3600).toFixed(1) + " h";
}

// ---- curves

function groups(runs) {  // quantity -> [{run, part, key}]
  const all = new Map();
  runs.forEach((run, i) => {
    const keys = new Set(run.records.flatMap(r => Object.keys(r)));
    for (const key of keys) {
      if (["step", "epoch", "time"].includes(key)) continue;
      if (key.startsWith(LAYERS)) {  // a curve a layer; of several runs they would be too many
        if (runs.length > 1) continue;
        if (!all.has(BY_LAYER)) all.set(BY_LAYER, []);
        all.get(BY_LAYER).push({ run, index: i, part: key.slice(LAYERS.length), key });
        continue;
      }
      const at = key.indexOf("/"), part = at > 0 ? key.slice(0, at) : "";
      const name = part in PARTS ? key.slice(at + 1) : key;
      if (!all.has(name)) all.set(name, []);
      all.get(name).push({ run, index: i, part: part in PARTS ? part : "", key });
    }
  });
  const rank = n => n === "loss" ? 0 : ["lr", "grad_norm", BY_LAYER, "samples_per_second", "data_wait", "memory_bytes"].indexOf(n) + 2 || 1;
  return [...all].sort((a, b) => rank(a[0]) - rank(b[0]) || a[0].localeCompare(b[0]));
}
function curve(series) {
  const xs = [], ys = [];
  let mean = null;
  for (const r of series.run.records) {
    const x = r[state.x], y = r[series.key];
    if (x == null || y == null || (xs.length && x <= xs[xs.length - 1])) continue;
    mean = mean == null ? y : state.smooth * mean + (1 - state.smooth) * y;
    xs.push(x);
    ys.push(mean);
  }
  return [xs, ys];
}
function draw(name, series, many) {
  const shown = series.filter(s => !state.hidden.has(s.run.name));
  const log = state.log && shown.every(s => s.run.records.every(r => r[s.key] == null || r[s.key] > 0));
  const parts = [...new Set(series.map(s => s.part))];
  const data = shown.length ? uPlot.join(shown.map(curve)) : [[]];
  const ink = getComputedStyle(document.body).color, grid = getComputedStyle(document.body).getPropertyValue("--line");
  const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 } };
  let holder = state.charts.get(name);
  if (!holder) {
    holder = { card: el("div", { class: "card", "data-chart": name }, el("h3", {}, name)), plot: null };
    state.charts.set(name, holder);
    document.getElementById("charts").append(holder.card);
    new ResizeObserver(() => holder.plot && holder.plot.setSize(size(holder.card))).observe(holder.card);
  }
  if (holder.plot) holder.plot.destroy();
  holder.plot = new uPlot({
    ...size(holder.card),
    cursor: { sync: { key: "hearth", setSeries: false } },
    scales: { x: { time: false }, y: { distr: log ? 3 : 1 } },
    axes: [{ ...axis, values: (u, v) => v.map(short) }, { ...axis, size: 62, values: (u, v) => v.map(short) }],
    series: [{ label: state.x, value: (u, v) => short(v) }].concat(shown.map(s => ({
      label: [many ? s.run.name : "", s.part].filter(Boolean).join(" ") || name,
      stroke: COLORS[(many ? s.index : parts.indexOf(s.part)) % COLORS.length],
      dash: many ? PARTS[s.part] || [] : [],
      width: 2, spanGaps: true, points: { show: s.run.records.length < 25 }, value: (u, v) => short(v)
    })))
  }, data, holder.card);
}
function size(card) { return { width: Math.max(180, card.clientWidth - 26), height: 250 }; }
function drawAll() {
  const all = groups(HEARTH.runs), names = new Set(all.map(g => g[0]));
  for (const [name, holder] of state.charts) if (!names.has(name)) { holder.card.remove(); state.charts.delete(name); }
  for (const [name, series] of all) draw(name, series, HEARTH.runs.length > 1);
  document.getElementById("empty").hidden = all.length > 0;
}
function controls() {
  const pick = el("select", { onchange: e => { state.x = e.target.value; drawAll(); } },
    ["step", "epoch", "time"].map(v => el("option", { value: v }, v === "time" ? "seconds" : v)));
  return el("div", { class: "bar" }, el("label", {}, "over ", pick),
    el("label", {}, "smooth ", el("input", { type: "range", min: 0, max: 0.98, step: 0.02, value: 0, oninput: e => { state.smooth = +e.target.value; drawAll(); } })),
    el("label", {}, el("input", { type: "checkbox", onchange: e => { state.log = e.target.checked; drawAll(); } }), " logarithmic"));
}

// ---- one run

function chip(name, value) { return el("div", { class: "chip" }, el("span", {}, name), el("b", {}, value)); }
function chips(run) {
  const s = run.summary || {}, out = [chip("status", s.status || "running")];
  for (const [k, v] of Object.entries(s.test || {})) out.push(chip("test " + k, short(v)));
  if (s.best && s.best.value != null) out.push(chip("best " + (s.best.monitor || ""), short(s.best.value) + (s.best.epoch != null ? " in epoch " + short(s.best.epoch) : "")));
  if (s.epochs != null) out.push(chip("epochs", short(s.epochs)));
  if (s.parameters != null) out.push(chip("parameters", short(s.parameters)));
  if (s.seconds != null) out.push(chip("time", duration(s.seconds)));
  return out;
}
function matrix(run) {
  const m = run.summary && run.summary.confusion, names = (run.summary && run.summary.classes) || [];
  if (!m || !m.length) return null;
  const name = i => names[i] != null ? String(names[i]) : String(i), rows = m.map(r => r.reduce((a, b) => a + b, 0));
  return el("section", {}, el("h2", {}, "Confusion matrix"), el("div", { class: "card scroll" },
    el("table", { class: "matrix" },
      el("tr", {}, el("th", {}, "true ↓ predicted →"), m.map((_, i) => el("th", {}, name(i))), el("th", {}, "recall")),
      m.map((row, i) => el("tr", {}, el("th", {}, name(i)), row.map((n, j) => {
        const share = rows[i] ? n / rows[i] : 0, rgb = i === j ? "44,140,70" : "214,90,49";
        return el("td", { style: `background:rgba(${rgb},${n ? 0.12 + 0.75 * share : 0})`, title: `${name(i)} taken for ${name(j)}: ${n}` }, String(n));
      }), el("td", {}, rows[i] ? (100 * row[i] / rows[i]).toFixed(1) + " %" : "–"))))));
}
function worst(run) {
  const list = run.summary && run.summary.worst;
  if (!list || !list.length) return null;
  return el("section", {}, el("h2", {}, "Largest errors"), el("div", { class: "thumbs" }, list.map(w => el("div", { class: "card thumb" },
    w.image ? el("img", { src: w.image, alt: "sample " + w.index }) : w.text != null ? el("pre", {}, w.text) : null,
    el("div", {}, "is ", el("b", { class: "right" }, short(w.label)), ", taken for ", el("b", { class: "wrong" }, short(w.predicted))),
    el("div", { class: "note" }, "#" + w.index + (w.loss != null ? ", loss " + short(w.loss) : ""))))));
}
function predictions(run) {
  const list = run.summary && run.summary.predictions;
  if (!list || !list.length) return null;
  if (typeof list[0] !== "object") return el("section", {}, el("h2", {}, "Samples"), list.map(t => el("div", { class: "card" }, el("pre", {}, String(t)))));
  const keys = [...new Set(list.flatMap(p => Object.keys(p)))];
  return el("section", {}, el("h2", {}, "Sample predictions"), el("div", { class: "card scroll" }, el("table", {},
    el("tr", {}, keys.map(k => el("th", {}, k))), list.map(p => el("tr", {}, keys.map(k => el("td", {}, short(p[k]))))))));
}
function texts(run) {
  const out = [];
  for (const [title, text] of [["Configuration", run.config], ["Model", run.model], ["Environment", run.environment && JSON.stringify(run.environment, null, 2)]])
    if (text) out.push(el("details", {}, el("summary", {}, title), el("pre", {}, text)));
  return el("section", {}, el("h2", {}, "Details"), out);
}

// ---- pages

function frame(title) {
  document.body.append(el("header", {}, el("h1", { id: "title" }, title), el("div", { id: "head", class: "chips" })),
    el("main", {}, el("div", { id: "runs" }), el("h2", {}, "Curves"), controls(), el("p", { id: "empty", class: "note", hidden: "" }, "No records yet."),
      el("div", { id: "charts", class: "charts" }), el("div", { id: "rest" })));
}
function report() {
  const run = HEARTH.runs[0];
  frame(run.name);
  document.getElementById("head").append(...chips(run));
  document.getElementById("rest").append(...[matrix(run), worst(run), predictions(run), texts(run)].filter(Boolean));
  drawAll();
}
function runTable() {
  const rows = HEARTH.runs.map((run, i) => {
    const last = run.records.length ? run.records[run.records.length - 1] : {}, s = run.summary || {};
    const box = el("input", { type: "checkbox", onchange: e => { e.target.checked ? state.hidden.delete(run.name) : state.hidden.add(run.name); drawAll(); } });
    box.checked = !state.hidden.has(run.name);
    const test = Object.entries(s.test || {}).map(([k, v]) => k + " " + short(v)).join(", ");
    return el("tr", {}, el("td", {}, el("label", {}, box, " ", el("span", { class: "dot", style: "background:" + COLORS[i % COLORS.length] }), run.name)),
      el("td", {}, s.status || "running"), el("td", {}, short(last.step)), el("td", {}, short(last.epoch)),
      el("td", {}, s.best && s.best.value != null ? short(s.best.value) : "–"), el("td", {}, test || "–"), el("td", {}, duration(last.time)));
  });
  document.getElementById("runs").replaceChildren(el("div", { class: "card scroll" }, el("table", { class: "runs" },
    el("tr", {}, ["run", "status", "step", "epoch", "best", "test", "time"].map(h => el("th", {}, h))), rows)));
}
async function poll() {
  let changed = false;
  try {
    const names = await (await fetch("api/runs")).json();
    if (HEARTH.runs.some(r => !names.includes(r.name))) { HEARTH.runs = HEARTH.runs.filter(r => names.includes(r.name)); changed = true; }
    for (const name of names) {
      let run = HEARTH.runs.find(r => r.name === name);
      if (!run) { run = { name, records: [], next: 0 }; HEARTH.runs.push(run); HEARTH.runs.sort((a, b) => a.name.localeCompare(b.name)); changed = true; }
      const more = await (await fetch("api/records?run=" + encodeURIComponent(name) + "&from=" + run.next)).json();
      if (more.restart) run.records = [];
      if (more.records.length || more.restart || JSON.stringify(run.summary) !== JSON.stringify(more.summary)) changed = true;
      run.records.push(...more.records);
      run.next = more.next;
      run.summary = more.summary;
    }
    document.getElementById("head").replaceChildren(chip("runs", String(HEARTH.runs.length)), chip("updated", new Date().toLocaleTimeString()));
  } catch (e) {
    document.getElementById("head").replaceChildren(chip("connection", "lost; trying again"));
  }
  if (changed) { runTable(); drawAll(); }
  setTimeout(poll, 2000);
}
function board() {
  frame(HEARTH.title || "Runs");
  poll();
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
HEARTH.live ? board() : report();
