// What the desk does beyond plain forms and links; each file says what it decides.

import "./composer.js";
import "./canned.js";
import "./keys.js";
