import './style.css';
import { render } from 'preact';
import { App } from './components/app';
import { Store } from './store';
import { follow } from './stream';

const sidOf = (hash: string) => /^#\/(CH[0-9a-fA-F]{32})$/.exec(hash)?.[1] ?? null;

const store = new Store();
store.set({ sid: sidOf(location.hash) });
addEventListener('hashchange', () => store.select(sidOf(location.hash)));
render(<App store={store} />, document.body);
store.loadAll();
follow(store);
