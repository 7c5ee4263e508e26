export default () => globalThis.stopSharedStack?.();
