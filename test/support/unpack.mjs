// Unpacks the browser that comes with npm into the folder for temporary files: a program of its own, since only the
// environment says which folder that is.
import chromium from '@sparticuz/chromium';

await chromium.executablePath();
