import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'
import { focusHeading } from './focus'
import { needsSetup, publicPages } from './session/account'
import { useSession } from './session/store'
import { words } from './words'

declare module 'vue-router' {
  interface RouteMeta {
    title?: string
    for?: 'admin' | 'owner' | 'visitor'
  }
}

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (to, _from, saved) => saved ?? (to.hash ? { el: to.hash } : { top: 0 }),
  routes: [
    { path: '/', component: () => import('./pages/Landing.vue'), meta: { for: 'visitor' } },
    { path: '/welcome', component: () => import('./pages/Landing.vue') },
    { path: '/setup', component: () => import('./pages/Setup.vue'), meta: { title: words.setup.title } },
    { path: '/login', component: () => import('./pages/Login.vue'), meta: { title: words.login.title, for: 'visitor' } },
    { path: '/key-settings', component: () => import('./pages/OwnKey.vue'), meta: { title: words.designer.own, for: 'owner' } },
    {
      path: '/admin',
      component: () => import('./shell/AdminShell.vue'),
      meta: { for: 'admin' },
      children: [
        { path: '', component: () => import('./pages/Dashboard.vue'), meta: { title: words.dashboard.title } },
        { path: 'design', alias: 'settings', component: () => import('./pages/GlobalDesign.vue'), meta: { title: words.designer.title } },
        { path: 'keys', component: () => import('./pages/Keys.vue'), meta: { title: words.keys.title } },
        { path: 'keys/:id(\\d+)', component: () => import('./pages/KeyDesign.vue'), props: (to: RouteLocationNormalized) => ({ id: Number(to.params['id']) }), meta: { title: words.designer.title } },
        { path: ':kind(posters|logos|backdrops)', component: () => import('./pages/Images.vue'), props: true, meta: { title: words.images.title } },
        { path: 'admins', component: () => import('./pages/Admins.vue'), meta: { title: words.admins.title } },
        { path: 'audit', component: () => import('./pages/Audit.vue'), meta: { title: words.audit.title } },
        { path: 'account', component: () => import('./pages/Account.vue'), meta: { title: words.account.title } },
        { path: ':rest(.*)*', component: () => import('./pages/NotFound.vue'), meta: { title: words.notFound.title } },
      ],
    },
    { path: '/:rest(.*)*', component: () => import('./pages/NotFound.vue'), props: { alone: true }, meta: { title: words.notFound.title } },
  ],
})

router.beforeEach(async (to) => {
  const session = useSession()
  if (to.path === '/setup') return (await needsSetup()) ? true : '/login'
  if ((to.path === '/' || to.path === '/login' || to.meta.for === 'admin') && (await needsSetup())) {
    session.forget()
    session.forgetOwner()
    return '/setup'
  }
  if (to.meta.for === 'visitor' && session.isAdmin) return '/admin'
  if (to.meta.for === 'visitor' && session.isOwner) return '/key-settings'
  if (to.path === '/' && !publicPages.value) return '/login'
  if (to.meta.for === 'owner' && !session.isOwner) return '/login?as=key'
  if (to.meta.for === 'admin' && !session.isAdmin) return session.isOwner ? '/key-settings' : { path: '/login', query: { to: to.fullPath } }
  return true
})

router.afterEach((to, from, refused) => {
  document.title = to.meta.title ? `${to.meta.title} · ${words.product}` : words.product
  if (!refused && from.matched.length > 0 && to.matched.at(-1) !== from.matched.at(-1)) setTimeout(focusHeading) // after a dialog that closes gives the focus back
})
