// Figures that grow between two polls: value = value at the server's stamp + rate x time since that stamp. Each poll replaces
// stamp, value and rate, so nothing accumulates here and nothing can drift or be counted twice.

const MS_PER_HOUR = 3_600_000;
const SMOOTH = 250;
const CALM = 1_000;

export function valueAt(anchor, value, now) {
  const elapsed = Math.min(Math.max(now - anchor.stamp, 0), anchor.longest);
  return value + (anchor.ratePerHour * elapsed) / MS_PER_HOUR;
}

export class Ticker {
  #clock;
  #show;
  #anchor = null;
  #timer = 0;
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
    // An interval, not every frame: a page that stays open all day is not to keep a machine busy.
    if (!this.#timer) this.#timer = setInterval(() => this.#draw(), this.#calm.matches ? CALM : SMOOTH);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#anchor = null;
    this.#show((value) => value);
  }

  #draw() {
    const now = this.#clock.now();
    this.#show((value) => valueAt(this.#anchor, value, now));
  }
}
