import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { Failure, onSessionEnd } from './api/client'
import { router } from './router'
import './style.css'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      networkMode: 'always', // the service may well be on this machine
      retry: (attempt, error) => attempt < 2 && (!(error instanceof Failure) || error.status === 0 || error.status >= 500),
    },
    mutations: { networkMode: 'always' },
  },
})

onSessionEnd(() => {
  queries.clear()
  void router.replace({ path: '/login', query: { ended: '1', to: router.currentRoute.value.fullPath } })
})

createApp(App).use(createPinia()).use(VueQueryPlugin, { queryClient: queries }).use(router).mount('#app')
