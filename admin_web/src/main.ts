import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { Failure, onSessionEnd } from './api/client'
import { notify } from './components/notices'
import { router } from './router'
import './style.css'
import { words } from './words'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      networkMode: 'always', // the service may well be on this machine
      refetchOnReconnect: true,
      retry: (attempt, error) => attempt < 2 && (!(error instanceof Failure) || error.status === 0 || error.status >= 500),
    },
    mutations: { networkMode: 'always' },
  },
})

onSessionEnd(() => {
  queries.clear()
  void router.replace({ path: '/login', query: { ended: '1', to: router.currentRoute.value.fullPath } })
})

/** A page whose script did not come: of a newer build the whole application has to be loaded. */
router.onError((_error, to, from) => {
  if (from.matched.length === 0) return // it was loaded whole just now
  if (navigator.onLine) location.assign(to.fullPath)
  else notify(words.errors.offline, true)
})

document.documentElement.lang = words.language
createApp(App).use(createPinia()).use(VueQueryPlugin, { queryClient: queries }).use(router).mount('#app')
