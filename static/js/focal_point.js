/* The picture above the two sliders of a focal point shows the point, and moves it where it is clicked. */
"use strict";
addEventListener("load", () => {
  const frame = document.querySelector("[data-picture]");
  const sliders = document.querySelectorAll("[data-focal-point] input");
  if (!frame || sliders.length !== 2) return;
  const point = document.createElement("span");
  point.className = "picture-input__point";
  frame.append(point);

  const show = () => {
    point.style.left = `${sliders[0].value}%`;
    point.style.top = `${sliders[1].value}%`;
  };
  frame.addEventListener("click", (event) => {
    if (sliders[0].disabled) return;
    const box = frame.getBoundingClientRect();
    sliders[0].value = Math.round((100 * (event.clientX - box.left)) / box.width);
    sliders[1].value = Math.round((100 * (event.clientY - box.top)) / box.height);
    sliders[0].dispatchEvent(new Event("change", { bubbles: true }));
    show();
  });
  for (const slider of sliders) slider.addEventListener("input", show);
  show();
});
