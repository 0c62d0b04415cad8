// What a signed-in person's pages need. Each module finds its elements by itself, and works again
// when htmx has put a new page in place: it listens on the document.

import "./swaps.js";
import "./drawer.js";
import "./quick-add.js";
import "./keys.js";
import "./picker.js";
import "./editing.js";
import "./row-menu.js";
import "./offline.js";
import "./board.js";
import "./drag.js";
import "./detail.js";
import "./selecting.js";
