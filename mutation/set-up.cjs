// A property fails or holds in the same way each time, and the counterexample does not matter: no shrinking.
require('fast-check').configureGlobal({ seed: 1, endOnFailure: true });
