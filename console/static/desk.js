// Behaviour of the desk beyond plain forms and links; each imported file says what it does.

import "./composer.js";
import "./reading.js";
import "./canned.js";
import "./keys.js";
