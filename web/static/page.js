// What the browser does by itself: views, panels, copying, keys, theme. No report text is ever
// made into HTML here.
(() => {
  const store = (name, value) => {
    try {
      if (value === undefined) return localStorage.getItem(name);
      localStorage.setItem(name, value);
    } catch { /* private mode: nothing is kept */ }
    return null;
  };

  const setTheme = (theme) => {
    document.body.classList.toggle('dark', theme === 'dark');
    document.documentElement.style.colorScheme = theme;
  };
  const preferredTheme = () =>
    store('report-theme') || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');

  const setView = (view) => {
    document.body.dataset.view = view;
    document.body.classList.remove('menu-open');
    if (view !== 'ask') document.body.classList.remove('has-source');
    document.querySelectorAll('.tab[data-view]').forEach((tab) => {
      const here = tab.dataset.view === view || (view === 'reader' && tab.dataset.view === 'shelf');
      if (here) tab.setAttribute('aria-current', 'page'); else tab.removeAttribute('aria-current');
    });
  };

  let cameFrom = null;
  const closeSource = () => {
    if (!document.body.classList.contains('has-source')) return;
    document.body.classList.remove('has-source');
    if (cameFrom && cameFrom.isConnected) cameFrom.focus();
  };

  const copy = async (button) => {
    const text = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement('textarea');
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    const label = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 1500);
  };

  const confirmed = (button) => {
    if (button.dataset.armed) return true;
    const label = button.textContent;
    button.dataset.armed = 'yes';
    button.classList.add('armed');
    button.textContent = button.dataset.confirm;
    setTimeout(() => {
      delete button.dataset.armed;
      button.classList.remove('armed');
      button.textContent = label;
    }, 4000);
    return false;
  };

  const send = (part, name, data) => {
    document.dispatchEvent(new CustomEvent('page-event', { detail: { part, name, data } }));
  };

  const rename = (button) => {
    const row = button.closest('li');
    const name = row.querySelector('.name');
    const field = document.createElement('input');
    field.value = name.textContent;
    field.maxLength = 80;
    field.className = 'rename';
    field.setAttribute('aria-label', button.getAttribute('aria-label'));
    name.replaceWith(field);
    field.focus();
    field.select();
    let over = false;
    const finish = (keep) => {
      if (over) return;
      over = true;
      if (keep && field.value.trim() !== name.textContent) {
        name.textContent = field.value.trim() || name.textContent;
        field.replaceWith(name);
        send('conversations', 'rename', { id: button.dataset.rename, title: name.textContent });
      } else {
        field.replaceWith(name);
      }
    };
    field.addEventListener('keydown', (event) => {
      if (event.isComposing) return;
      if (event.key === 'Enter') finish(true);
      if (event.key === 'Escape') { event.stopPropagation(); finish(false); }
    });
    field.addEventListener('blur', () => finish(true));
  };

  const openComment = (button) => {
    const form = button.closest('.answer').querySelector('.comment');
    if (!form) return;
    const again = !form.hidden && form.dataset.vote === button.dataset.openComment;
    form.hidden = again;
    form.dataset.vote = button.dataset.openComment;
    button.parentElement.querySelectorAll('.vote').forEach((other) => {
      other.setAttribute('aria-pressed', String(other === button && !again));
    });
    if (again) return;
    form.querySelector('input').focus();
    form.scrollIntoView({ block: 'nearest' });
  };

  // In the capture phase, before a part turns the click into an event for the server.
  document.addEventListener('click', (event) => {
    const target = event.target.closest('button, a, [data-view]');
    if (!target) return;
    const data = target.dataset;
    if (data.confirm && !confirmed(target)) { event.stopPropagation(); event.preventDefault(); return; }
    if (data.view) setView(data.view);
    if (data.event === 'cite' || data.event === 'near') {
      if (!target.closest('#source')) cameFrom = target;
      document.body.classList.add('has-source', 'source-waiting');
    }
    if (data.event === 'earlier') earlierHeight = document.getElementById('transcript').scrollHeight;
    if (data.event === 'read') setView('reader');
    if (data.event === 'edit') document.querySelector('#question textarea')?.focus();
    if ('closeSource' in data) closeSource();
    if ('menu' in data) document.body.classList.toggle('menu-open');
    if ('themeSwitch' in data) {
      const theme = document.body.classList.contains('dark') ? 'light' : 'dark';
      store('report-theme', theme);
      setTheme(theme);
    }
    if (target.matches('.only-these')) {
      document.querySelectorAll('#shelf tr[data-haystack]').forEach((row) => {
        row.querySelector('input[type=checkbox]').checked = !row.hidden;
      });
      sendTicks();
    }
    if ('copy' in data) copy(target);
    if ('rename' in data) rename(target);
    if ('openComment' in data) openComment(target);
    if (data.jump) {
      scrollTo(document.querySelector(`#reader #${CSS.escape(data.jump)}`), document.getElementById('reader-view'), 0.04);
    }
    if (target.matches('.skip')) {
      event.preventDefault();
      setView('ask');
      document.querySelector('#question textarea')?.focus();
    }
  }, true);

  document.addEventListener('click', (event) => {
    if (document.body.classList.contains('menu-open') &&
        !event.target.closest('#side, [data-menu]')) document.body.classList.remove('menu-open');
  });

  const sendTicks = () => {
    const boxes = [...document.querySelectorAll('#shelf input[type=checkbox]')];
    send('shelf', 'tick', { documents: boxes.filter((b) => b.checked).map((b) => b.dataset.doc) });
  };
  document.addEventListener('change', (event) => {
    if (event.target.matches('#shelf input[type=checkbox]')) sendTicks();
  });

  // Dates are ISO 8601, so they compare as text; "2023-06" is as early as its first day.
  const filterShelf = () => {
    const value = (name) => document.querySelector(`#shelf .shelf-bar .${name}`)?.value || '';
    const words = value('filter').toLowerCase().split(/\s+/).filter(Boolean);
    const [issuer, from, to] = [value('issuer'), value('from'), value('to')];
    const rows = [...document.querySelectorAll('#shelf tr[data-haystack]')];
    rows.forEach((row) => {
      const { haystack, date } = row.dataset;
      const inTime = (!from && !to) || (date && (!from || date >= from.slice(0, date.length)) && (!to || date <= to));
      row.hidden = !(words.every((word) => haystack.includes(word)) && (!issuer || row.dataset.issuer === issuer) && inTime);
    });
    const shown = rows.filter((row) => !row.hidden).length;
    document.querySelector('#shelf .no-match').hidden = shown > 0;
    const only = document.querySelector('#shelf .only-these');
    only.hidden = shown === 0 || shown === rows.length;
    only.textContent = `${only.dataset.label} (${shown})`;
  };
  // An error of a picture does not bubble, hence the capture phase.
  document.addEventListener('error', (event) => {
    if (event.target.matches?.('.sheet img')) event.target.closest('figure').classList.add('failed');
  }, true);
  document.addEventListener('input', (event) => {
    if (event.target.matches('#shelf .shelf-bar input, #shelf .shelf-bar select')) filterShelf();
  });

  document.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    const typing = event.target.closest('input, textarea, select, [contenteditable]');
    if (event.key === 'Escape') {
      document.body.classList.remove('menu-open');
      closeSource();
    }
    if (typing && event.key === 'Enter' && event.target.closest('.comment')) {
      event.target.closest('.comment').querySelector('[data-event=vote]').click();
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '/') {
      event.preventDefault();
      setView('ask');
      document.querySelector('#question textarea')?.focus();
    }
    if (/^[1-9]$/.test(event.key)) {
      const turns = [...document.querySelectorAll('.turn')].reverse();
      const turn = turns.find((item) => item.querySelector('[data-event=cite]'));
      turn?.querySelector(`[data-event=cite][data-marker="${event.key}"]`)?.click();
    }
  });

  const download = (carrier) => {
    const bytes = Uint8Array.from(atob(carrier.dataset.content), (letter) => letter.charCodeAt(0));
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([bytes], { type: carrier.dataset.type }));
    link.download = carrier.dataset.download;
    carrier.remove();
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  // Within its own column only: scrollIntoView would move the whole page as well.
  const scrollTo = (element, container, share) => {
    if (!element || !container) return;
    const top = element.getBoundingClientRect().top - container.getBoundingClientRect().top;
    container.scrollTop += top - container.clientHeight * share;
  };

  const watch = (id, onChange) => {
    const part = document.getElementById(id);
    if (!part) return false;
    new MutationObserver(() => onChange(part)).observe(part, { childList: true, subtree: true });
    onChange(part);
    return true;
  };

  // A new question or answer is scrolled to. Text that is being written is followed while the
  // reader is at the end, and left alone when they have scrolled up. Earlier turns that are put in
  // before the others leave what is being read where it is.
  let seen = '';
  let earlierHeight = 0;
  let atEnd = true;
  const onTranscript = (part) => {
    const turns = part.querySelectorAll('.turn');
    const last = turns[turns.length - 1];
    if (earlierHeight && !part.querySelector('.earlier')) {
      part.scrollTop += part.scrollHeight - earlierHeight;
      earlierHeight = 0;
    }
    const state = last ? `${last.dataset.turn}/${last.querySelector('.question').textContent}` : '';
    const isNew = state !== seen;
    seen = state;
    if (!last || (!isNew && !(atEnd && last.matches('.pending')))) return;
    if (last.offsetHeight > part.clientHeight && isNew) scrollTo(last, part, 0);
    else part.scrollTop = part.scrollHeight;
  };
  const keepEnd = (part) => {
    part.addEventListener('scroll', () => {
      atEnd = part.scrollHeight - part.scrollTop - part.clientHeight < 40;
    }, { passive: true });
    // The suggestions take room below the conversation; its end stays in sight.
    new ResizeObserver(() => { if (atEnd) part.scrollTop = part.scrollHeight; }).observe(part);
  };
  const onMark = (part) => {
    const mark = part.querySelector('.sheet .box') || part.querySelector('mark');
    if (!mark || mark.dataset.seen) return;
    mark.dataset.seen = 'yes';
    scrollTo(mark, document.getElementById('reader-view'), 0.35);
  };
  const onSource = (part) => {
    const panel = part.querySelector('.source-panel');
    if (!panel || panel.dataset.seen) return;
    panel.dataset.seen = 'yes';
    document.body.classList.remove('source-waiting');
    if (panel.classList.contains('empty')) return;
    const mark = panel.querySelector('.sheet .box') || panel.querySelector('mark');
    const column = document.getElementById('source');
    column.scrollTop = 0;
    panel.querySelectorAll('.quoted').forEach((cell) => {  // in a table wider than the panel
      const table = cell.closest('.table-scroll');
      const name = table.querySelector('tr > th:first-child')?.offsetWidth || 0;  // stays at the left
      const right = cell.offsetLeft + cell.offsetWidth - table.clientWidth;
      if (right > 0) table.scrollLeft = Math.min(right + 8, cell.offsetLeft - name - 8);
    });
    // The quote itself stands at the top; move only if its place in the report is out of sight.
    if (mark && mark.getBoundingClientRect().bottom > column.getBoundingClientRect().bottom) {
      scrollTo(mark, column, 0.45);
    }
    if (document.body.classList.contains('has-source')) panel.focus({ preventScroll: true });
  };

  const start = () => {
    setTheme(preferredTheme());
    const ready = document.getElementById('download') && document.getElementById('transcript');
    if (!ready) { requestAnimationFrame(start); return; }
    setTheme(preferredTheme());
    watch('header', () => {
      setView(document.body.dataset.view || 'ask');
      const language = document.querySelector('header.top')?.lang;
      if (language) document.documentElement.lang = language;
    });
    watch('transcript', onTranscript);
    keepEnd(document.getElementById('transcript'));
    watch('source-html', onSource);
    watch('reader', onMark);
    const nameButton = () => {
      const label = document.querySelector('.scope')?.dataset.send;
      const button = document.querySelector('#question .submit-button');
      if (label && button && button.getAttribute('aria-label') !== label) button.setAttribute('aria-label', label);
    };
    watch('composer', nameButton);
    watch('add-text', (part) => {
      const label = part.querySelector('.drop-label')?.textContent;
      if (label) document.querySelector('#files button')?.setAttribute('aria-label', label);
    });
    watch('download', (part) => part.querySelectorAll('[data-download]').forEach(download));
  };
  // Something to look at, in the reader's colours, while Gradio's own script is loaded.
  const firstPaint = () => {
    setTheme(preferredTheme());
    const sketch = document.createElement('div');
    sketch.id = 'sketch';
    sketch.setAttribute('aria-hidden', 'true');
    sketch.append(...['bar', 'line wide', 'line', 'line', 'field'].map((name) => {
      const part = document.createElement('div');
      part.className = name;
      return part;
    }));
    document.body.prepend(sketch);
    const drawn = new MutationObserver(() => {
      if (!document.querySelector('.welcome, .turn')) return;
      drawn.disconnect();
      sketch.remove();
    });
    drawn.observe(document.body, { childList: true, subtree: true });
  };
  const bodyIsThere = new MutationObserver(() => {
    if (!document.body) return;
    bodyIsThere.disconnect();
    firstPaint();
  });
  if (document.body) firstPaint();
  else bodyIsThere.observe(document.documentElement, { childList: true });

  // A session that has expired: the login page takes over, and the conversations stay here.
  const fetched = window.fetch;
  window.fetch = async (...request) => {
    const reply = await fetched(...request);
    if (reply.status === 401 && new URL(reply.url).origin === location.origin) location.reload();
    return reply;
  };

  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
})();
