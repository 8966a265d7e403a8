'use strict';

const byId = id => document.getElementById(id);
let last = null;      // what came last, to count from
let heardAt = 0;

/** An element: make('dd', 'text', {class: 'bad'}) or make('div', [children]). */
function make(tag, content, attributes = {}) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (Array.isArray(content)) element.append(...content.filter(child => child !== null));
  else if (content !== undefined) element.textContent = content;
  return element;
}

function pair(list, term, description, attributes) {
  const dd = Array.isArray(description) ? make('dd', description, attributes) : make('dd', String(description), attributes);
  list.append(make('div', [make('dt', term), dd]));
}

function fact(list, term, description) {
  list.append(make('dt', term), Array.isArray(description) ? make('dd', description) : make('dd', String(description)));
}

const count = number => number.toLocaleString('en-GB');
const short = number => number < 100000 ? count(number) : number.toLocaleString('en-US', {notation: 'compact', maximumSignificantDigits: 3});

function ago(then, now) {
  const seconds = Math.max(0, Math.round((Date.parse(now) - Date.parse(then)) / 1000));
  if (seconds < 60) return seconds + ' s';
  if (seconds < 3600) return Math.floor(seconds / 60) + ' min';
  if (seconds < 86400) return Math.floor(seconds / 3600) + ' h ' + Math.floor(seconds % 3600 / 60) + ' min';
  return Math.floor(seconds / 86400) + ' days';
}

function clock(at) {
  const date = new Date(at);
  return date.toLocaleTimeString('en-GB') + '.' + String(date.getMilliseconds()).padStart(3, '0');
}

function headline(status) {
  const masters = status.floatingIps.filter(ip => ip.role === 'MASTER');
  const addresses = masters.flatMap(ip => ip.addresses).join(', ');
  if (status.floatingIps.length === 0) return 'No floating IP';
  if (masters.length > 0) return 'Master of ' + addresses;
  if (status.floatingIps.some(ip => ip.role === 'FAULT')) return 'Takes no part';
  const master = status.floatingIps.map(ip => ip.master).find(address => address);
  return status.floatingIps.every(ip => ip.role === 'RELEASED') ? 'Has left' : 'Backup' + (master ? ', ' + master + ' is master' : '');
}

function traffic(status) {
  const list = byId('traffic');
  const now = status.traffic;
  let rate = '–';
  if (last && Date.parse(status.now) > Date.parse(last.now)) {
    rate = Math.round((now.requests - last.traffic.requests) * 1000 / (Date.parse(status.now) - Date.parse(last.now)));
  }
  list.replaceChildren();
  pair(list, 'requests/s', rate === '–' ? rate : short(rate));
  pair(list, 'running', short(now.active));
  pair(list, 'connections', short(now.connections));
  pair(list, 'requests', short(now.requests));
  pair(list, 'errors', short(now.errors));
  pair(list, 'refused', short(now.refused));
  byId('traffic-title').textContent = now.draining ? 'Traffic: draining, finishing what runs' : 'Traffic';
}

const roles = {MASTER: 'good', FAULT: 'bad'};

function fence(ip) {
  const parts = [];
  if (ip.fence.packetFilter) parts.push('packet filter');
  if (ip.fence.lifetimeSeconds > 0) parts.push('lifetime of ' + ip.fence.lifetimeSeconds + ' s');
  const held = parts.length === 0 ? 'none' : parts.join(' and ');
  return held + (ip.fence.closesInTime ? ', closes in time' : '') + (ip.fence.reason ? ': ' + ip.fence.reason : '');
}

function check(state) {
  const words = {HEALTHY: ['good', 'good'], UNHEALTHY: ['bad', 'failed'], PENDING: ['', 'pending']}[state.state];
  return make('div', [make('span', words[1], {class: 'mark ' + words[0]}), ' ' + state.name, state.detail ? make('span', ': ' + state.detail, {class: 'why'}) : null]);
}

function floatingIp(ip, now) {
  const facts = make('dl', undefined, {class: 'facts'});
  fact(facts, 'since', ago(ip.since, now) + (ip.epoch > 0 ? ', master ' + ip.epoch + (ip.epoch === 1 ? ' time' : ' times') : ''));
  fact(facts, 'priority', ip.priority);
  fact(facts, 'master', ip.role === 'MASTER' ? 'this node' : ip.master ? ip.master + ', priority ' + ip.masterPriority : 'none heard');
  const peers = ip.peers.map(peer => make('div', peer.address + ', priority ' + peer.priority + ', ' + ago(peer.lastHeard, now) + ' ago'));
  fact(facts, 'peers heard', peers.length > 0 ? peers : 'none yet; only masters speak');
  fact(facts, 'fence', fence(ip));
  if (ip.checks.length > 0) fact(facts, 'checks', ip.checks.map(check));
  for (const fault of ip.faults) fact(facts, 'fault', fault);
  for (const warning of ip.warnings) fact(facts, 'warning', warning);
  return make('div', [
    make('div', [make('h3', ip.addresses.join(', ')), make('span', ip.role.toLowerCase(), {class: 'mark ' + (roles[ip.role] || '')}), make('span', ip.name, {class: 'why'})], {class: 'title'}),
    facts], {class: 'block'});
}

function service(service) {
  const head = make('tr', [make('th', 'upstream', {scope: 'col'}), make('th', 'state', {scope: 'col'}), make('th', 'weight', {scope: 'col', class: 'number narrow'}),
    make('th', 'running', {scope: 'col', class: 'number'}), make('th', 'requests', {scope: 'col', class: 'number'}), make('th', 'errors', {scope: 'col', class: 'number'})]);
  const rows = service.upstreams.map(up => make('tr', [
    make('td', [up.name, up.name !== up.address && !up.address.includes(up.name) ? make('span', up.address, {class: 'why'}) : null, up.alive || !up.detail ? null : make('span', up.detail, {class: 'why'})]),
    make('td', [make('span', up.alive ? 'alive' : 'down', {class: 'mark ' + (up.alive ? 'good' : 'bad')})]),
    make('td', count(up.weight), {class: 'number narrow'}),
    make('td', count(up.active), {class: 'number'}), make('td', short(up.requests), {class: 'number'}), make('td', short(up.errors), {class: 'number'})]));
  return make('div', [
    make('div', [make('h3', service.name), make('span', service.algorithm || '', {class: 'why'}), service.sorry ? make('span', 'sorry server serves', {class: 'mark bad'}) : null], {class: 'title'}),
    make('table', [make('thead', [head]), make('tbody', rows)])], {class: 'block'});
}

/** Those that end within a week stand out: whatever renews them should have done so. */
function certificates(status) {
  if (status.certificates.length === 0) return [];
  const facts = make('dl', undefined, {class: 'facts'});
  for (const one of status.certificates) {
    const days = Math.floor((Date.parse(one.notAfter) - Date.parse(status.now)) / 86400000);
    const left = days < 0 ? 'has expired' : days + (days === 1 ? ' day' : ' days');
    fact(facts, one.listener, ['until ' + one.notAfter.slice(0, 10) + ' ', make('span', left, {class: 'mark ' + (days < 7 ? 'bad' : 'good')})]);
  }
  return [make('div', [make('div', [make('h3', 'Certificates')], {class: 'title'}), facts], {class: 'block'})];
}

function change(change) {
  const move = change.from === change.to ? change.to : change.from + ' → ' + change.to;
  return make('li', [make('time', clock(change.at), {datetime: change.at}), ' ', make('strong', move), ' ', make('span', change.name, {class: 'why'}), make('span', change.detail)]);
}

function show(status) {
  const text = headline(status);
  if (byId('headline').textContent !== text) byId('headline').textContent = text;
  document.title = (status.floatingIps.some(ip => ip.role === 'MASTER') ? '● ' : '○ ') + text + ' – ' + status.node;
  byId('node').textContent = 'Gateway on ' + status.node + ', up for ' + ago(status.startedAt, status.now);
  traffic(status);
  byId('ips').replaceChildren(...status.floatingIps.map(ip => floatingIp(ip, status.now)));
  byId('hand-over').hidden = !status.handOver || status.floatingIps.length === 0;
  byId('hand-over').disabled = !status.floatingIps.some(ip => ip.role === 'MASTER');
  byId('services').replaceChildren(...status.services.map(service), ...certificates(status));
  const changes = byId('changes');
  if (!last || JSON.stringify(last.changes) !== JSON.stringify(status.changes)) changes.replaceChildren(...status.changes.map(change));
  last = status;
}

function live() {
  const lost = heardAt > 0 && Date.now() - heardAt > 3500;
  const text = lost ? 'No answer from the gateway; this is what was known at ' + clock(heardAt) : heardAt > 0 ? 'Live' : '';
  if (byId('live').textContent !== text) byId('live').textContent = text;
  byId('live').className = lost ? 'lost' : '';
}

const events = new EventSource('/events');
events.onmessage = event => {
  heardAt = Date.now();
  show(JSON.parse(event.data));
  live();
};
setInterval(live, 1000);

const dialog = byId('dialog');
byId('hand-over').addEventListener('click', () => {
  byId('answer').textContent = '';
  dialog.showModal();
  byId('token').focus();
});
byId('cancel').addEventListener('click', () => dialog.close());
dialog.addEventListener('close', () => { byId('token').value = ''; });
byId('form').addEventListener('submit', async event => {
  event.preventDefault();
  try {
    const response = await fetch('/hand-over', {method: 'POST', headers: {Authorization: 'Bearer ' + byId('token').value}});
    if (response.status === 202) dialog.close();
    else byId('answer').textContent = await response.text();
  } catch (problem) {
    byId('answer').textContent = 'no answer from the gateway';
  }
});
