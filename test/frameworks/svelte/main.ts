import { mount } from 'svelte';
import App from './App.svelte';

const { server = '', gate = '' } = Object.fromEntries(new URLSearchParams(location.search));

mount(App, { target: document.getElementById('app')!, props: { server, gate } });
