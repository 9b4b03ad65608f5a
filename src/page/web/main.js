// main.js - everything here is an addition: the page is whole without it.
import { live } from './live.js';
import { range } from './range.js';
import { chart } from './chart.js';

live();
range();
chart(document.querySelector('script[data-uplot]')?.dataset.uplot);
