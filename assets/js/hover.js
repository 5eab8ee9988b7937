// What a bar says when it is pointed at stands above its month, with room around it: Plotly puts it beside the bar, over the
// next month, without padding and with a line to the bar's end. It makes the label anew at every move; it is put in its place then.
(function () {
  const PAD = 10, ROUND = 6;

  function place(slot, point, label) {
    const text = label.querySelector("text.nums"), path = label.querySelector("path");
    if (!text || !path) return;
    const box = text.getBBox(), width = box.width + 2 * PAD, height = box.height + 2 * PAD;
    const middle = point.xaxis._offset + point.xaxis.c2p(point.x);
    const left = Math.max(0, Math.min(middle - width / 2, slot.offsetWidth - width));
    label.setAttribute("transform", `translate(${left},${14 - height})`);
    text.setAttribute("transform", `translate(${PAD - box.x},${PAD - box.y})`);
    path.setAttribute("d", `M${ROUND},0h${width - 2 * ROUND}a${ROUND},${ROUND} 0 0 1 ${ROUND},${ROUND}v${height - 2 * ROUND}a${ROUND},${ROUND} 0 0 1 ${-ROUND},${ROUND}h${2 * ROUND - width}a${ROUND},${ROUND} 0 0 1 ${-ROUND},${-ROUND}v${2 * ROUND - height}a${ROUND},${ROUND} 0 0 1 ${ROUND},${-ROUND}z`);
  }

  // Keeps the labels of a chart in their places, from its first drawing on.
  window.finance = Object.assign(window.finance || {}, {
    hover(slot) {
      let point = null;
      slot.on("plotly_hover", ({ points }) => { point = points[0]; again(); });
      const again = () => { const label = point && point.xaxis && slot.querySelector(".hoverlayer .hovertext"); if (label) place(slot, point, label); };
      const layer = slot.querySelector(".hoverlayer");
      if (layer) new MutationObserver(again).observe(layer, { childList: true, subtree: true });
    },
  });
})();
