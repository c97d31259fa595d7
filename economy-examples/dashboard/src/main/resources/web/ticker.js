// Figures that grow between two polls: value = value at the server's stamp + rate x time since that stamp. Each poll replaces
// stamp, value and rate, so nothing accumulates here and nothing can drift or be counted twice.

const MS_PER_HOUR = 3_600_000;
const SMOOTH = 50;
const CALM = 1_000;

export function valueAt(anchor, value, now) {
  const elapsed = Math.min(Math.max(now - anchor.stamp, 0), anchor.longest);
  return value + (anchor.ratePerHour * elapsed) / MS_PER_HOUR;
}

export class Ticker {
  #clock;
  #show;
  #anchor = null;
  #frame = 0;
  #last = 0;
  #calm = matchMedia('(prefers-reduced-motion: reduce)');

  // show(valueOf): called with a function that brings a value of the anchor's moment to the present.
  constructor(clock, show) {
    this.#clock = clock;
    this.#show = show;
  }

  // longest: past this age (ms) a figure stands still until the next answer, however late that is.
  run(stamp, ratePerHour, longest) {
    this.#anchor = { stamp, ratePerHour, longest };
    this.#draw();
    if (!this.#frame) this.#frame = requestAnimationFrame((t) => this.#step(t));
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#anchor = null;
    this.#show((value) => value);
  }

  #step(time) {
    this.#frame = requestAnimationFrame((t) => this.#step(t));
    if (time - this.#last < (this.#calm.matches ? CALM : SMOOTH) - 5) return;
    this.#last = time;
    this.#draw();
  }

  #draw() {
    const now = this.#clock.now();
    this.#show((value) => valueAt(this.#anchor, value, now));
  }
}
