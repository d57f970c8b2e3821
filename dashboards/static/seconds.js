/* A run's trace, zoomed: buttons that narrow the time axis, and each second once it is narrow. */
(function () {
  "use strict";
  const FINE_MIN = 20;
  const NULL = -127;
  const WIDE = -128;

  function unpacked(column) {
    const bytes = Uint8Array.from(atob(column.bytes), (c) => c.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    const values = [];
    let last = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const change = view.getInt8(at);
      if (change === NULL) {
        values.push(null);
      } else {
        if (change === WIDE) {
          last += view.getInt32(at + 1, true);
          at += 4;
        } else last += change;
        values.push(last * column.step);
      }
    }
    return values;
  }

  function first(sorted, value) {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < value) low = middle + 1; else high = middle;
    }
    return low;
  }

  function bind(box) {
    const told = JSON.parse(document.getElementById(box.id + "-seconds").textContent);
    const means = box.data.map((trace) => ({ x: trace.x, y: trace.y }));
    const whole = Math.max(...means.slice(0, told.traces.length).flatMap((t) => Array.from(t.x)));
    const axes = box.data.map((trace) => (trace.yaxis || "y").replace("y", "yaxis"));
    const heights = axes.map((name) => [...box.layout[name].range]);
    const columns = {};
    let isFine = false;

    function column(name) {
      if (!columns[name]) {
        let values = unpacked(told.columns[name]);
        if (name === "moving_s") values = values.map((s) => s / 60);
        if (name === "speed_mps") {
          values = values.map((v) => (v !== null && v >= told.slowest_mps ? 1000 / v : null));
        }
        columns[name] = values;
      }
      return columns[name];
    }

    function seconds(low, high) {
      const minutes = column("moving_s");
      const [from, to] = [first(minutes, low - FINE_MIN / 4), first(minutes, high + FINE_MIN / 4)];
      const x = minutes.slice(from, to);
      const fit = {};
      told.traces.forEach((name, index) => {
        if (!name) return;
        const y = column(name).slice(from, to);
        restyle(index, x, y);
        fit[axes[index] + ".range"] = holding(heights[index], y);
      });
      window.Plotly.relayout(box, fit);
    }

    /* Single seconds leave the range of means: the panel grows to hold them. */
    function holding([start, end], values) {
      const known = values.filter((value) => value !== null);
      const low = Math.min(start, end, ...known);
      const high = Math.max(start, end, ...known);
      return start < end ? [low, high] : [high, low];
    }

    function restyle(index, x, y) {
      const trace = box.data[index];
      const changes = { x: [x], y: [y] };
      if (trace.meta === "pace") changes.hovertext = [y.map(window.carryover.paceText)];
      window.Plotly.restyle(box, changes, [index]);
    }

    function follow() {
      const [low, high] = box.layout.xaxis.range;
      if (high - low <= FINE_MIN + 0.01) {
        seconds(low, high);
        isFine = true;
      } else if (isFine) {
        const fit = {};
        told.traces.forEach((name, index) => {
          if (!name) return;
          restyle(index, means[index].x, means[index].y);
          fit[axes[index] + ".range"] = heights[index];
        });
        window.Plotly.relayout(box, fit);
        isFine = false;
      }
    }

    function show(low, high) {
      window.Plotly.relayout(box, { "xaxis.range": [low, high], "xaxis.autorange": false });
    }

    function span(minutes) {
      const [low, high] = box.layout.xaxis.range;
      const middle = Math.min(Math.max((low + high) / 2, minutes / 2), Math.max(minutes / 2, whole - minutes / 2));
      show(middle - minutes / 2, middle + minutes / 2);
    }

    function move(share) {
      const [low, high] = box.layout.xaxis.range;
      const by = (high - low) * share;
      show(low + by, high + by);
    }

    const choices = [
      ["Whole run", () => show(0, whole)], ["20 min", () => span(20)], ["5 min", () => span(5)],
      ["1 min", () => span(1)], ["Earlier", () => move(-0.5)], ["Later", () => move(0.5)],
    ];
    const line = document.createElement("p");
    line.className = "pick";
    choices.forEach(([text, act]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.addEventListener("click", act);
      line.append(button);
    });
    box.insertAdjacentElement("beforebegin", line);
    box.on("plotly_relayout", (event) => {
      if (Object.keys(event).some((key) => key.startsWith("xaxis."))) follow();
    });
    box.on("plotly_doubleclick", () => show(0, whole));
  }

  document.querySelectorAll(".plot").forEach((box) => {
    if (document.getElementById(box.id + "-seconds")) {
      box.addEventListener("carryover:drawn", () => bind(box));
    }
  });
})();
