import { DOMWrapper, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, ref, type Component } from 'vue'
import { Failure } from '@/api/client'
import Field from '@/components/Field.vue'
import { useForm } from '@/components/form'
import FormEnd from '@/components/FormEnd.vue'
import Account from '@/pages/Account.vue'
import Admins from '@/pages/Admins.vue'
import Login from '@/pages/Login.vue'
import Setup from '@/pages/Setup.vue'
import { away, open, refuse, type Answers } from './pages'

let shown: VueWrapper | undefined
const body = new DOMWrapper(document.body)

afterEach(() => {
  shown?.unmount()
  shown = undefined
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

/** What is wrong, by the field that it is tied to; `whole` for what is about the form. */
function troubles(): Record<string, string> {
  const found: Record<string, string> = {}
  for (const field of body.findAll('[aria-invalid=true]')) {
    const [id] = field.attributes('aria-describedby')?.split(' ').filter((one) => one.endsWith('-error')) ?? []
    found[String(field.attributes('id'))] = body.get(`#${String(id)}[role=alert]`).text()
  }
  const whole = body.findAll('form > [role=alert]').map((one) => one.text()).filter(Boolean)
  return whole.length > 0 ? { ...found, whole: whole.join(' ') } : found
}

async function submit(typed: Record<string, string>): Promise<void> {
  for (const [id, value] of Object.entries(typed)) await body.get(`#${id}`).setValue(value)
  await body.get('form').trigger('submit')
  await flushPromises()
  await new Promise((resolve) => setTimeout(resolve, 0))
  await flushPromises()
}

const LONG = 'correct horse'
const CASES: [string, Component, Answers, Record<string, string>, Record<string, string>][] = [
  ['signing in without a word', Login, {}, {}, { username: 'This is needed.', password: 'This is needed.' }],
  ['signing in with what is wrong, which is not said of one of the two', Login, { '/api/auth/login': refuse(401, 'Unauthorized') }, { username: 'ada', password: 'x' }, { whole: 'The name or the password is wrong.' }],
  ['signing in while the service is away', Login, { '/api/auth/login': away }, { username: 'ada', password: 'x' }, { whole: 'The service cannot be reached. Check the connection, then try again.' }],
  ['setup without a word', Setup, {}, {}, { username: 'This is needed.', password: 'This is needed.', again: 'This is needed.' }],
  ['setup with a short password', Setup, {}, { username: 'ada', password: 'short', again: 'short' }, { password: 'At least 8 characters.' }],
  ['setup with two passwords', Setup, {}, { username: 'ada', password: LONG, again: 'correct house' }, { again: 'The passwords differ.' }],
  ['setup with a name that is refused', Setup, { '/api/auth/setup': refuse(400, 'username must not hold white space') }, { username: 'a da', password: LONG, again: LONG }, { username: 'Username must not hold white space.' }],
  ['setup with another token', Setup, { '/api/auth/setup': refuse(403, 'setup needs the setup token') }, { username: 'ada', password: LONG, again: LONG }, { token: 'Setup needs the setup token.' }],
  ['setup that came second', Setup, { '/api/auth/setup': refuse(403, 'Setup already completed') }, { username: 'ada', password: LONG, again: LONG }, { whole: 'There is an admin already. Sign in instead.' }],
  ['a change from a wrong password', Account, { '/api/auth/password': refuse(403, 'the old password is wrong') }, { old: 'x', fresh: LONG, 'fresh-again': LONG }, { old: 'The old password is wrong.' }],
  ['a change to a password that is refused', Account, { '/api/auth/password': refuse(400, 'password must have 8 to 256 bytes') }, { old: 'x', fresh: LONG, 'fresh-again': LONG }, { fresh: 'Password must have 8 to 256 bytes.' }],
  ['a change while the service is busy', Account, { '/api/auth/password': refuse(503, 'try again') }, { old: 'x', fresh: LONG, 'fresh-again': LONG }, { whole: 'Try again.' }],
]

it.each(CASES)('%s: told where it belongs', async (_, page, answers, typed, wanted) => {
  shown = await open(page, answers)
  await submit(typed)
  expect(troubles()).toEqual(wanted)
  const [first] = Object.keys(wanted)
  if (first !== 'whole') expect(document.activeElement?.id).toBe(first)
})

it('the name of another admin that is taken is said beside it, and not any more when the sheet is opened again', async () => {
  shown = await open(Admins, { '/api/admin/users': [{ id: 1, username: 'ada', created_at: '2026-01-02T00:00:00Z' }] })
  const add = async () => { await body.findAll('button').find((one) => one.text() === 'Add admin')?.trigger('click'); await flushPromises() }
  await add()
  vi.mocked(fetch).mockResolvedValue(new Response('{"error":"there is an admin of this name already"}', { status: 409, headers: { 'content-type': 'application/json' } }))
  await submit({ 'new-admin': 'ada', 'new-admin-password': LONG })
  expect(troubles()).toEqual({ 'new-admin': 'There is an admin of this name already.' })
  expect(document.activeElement?.id).toBe('new-admin')
  await body.get('[aria-label="Close"]').trigger('click')
  await flushPromises()
  await add()
  expect(troubles()).toEqual({})
  expect(body.get<HTMLInputElement>('#new-admin').element.value).toBe('')
})

describe('a form', () => {
  let send: ReturnType<typeof vi.fn<() => Promise<unknown>>>
  function show(): VueWrapper {
    send = vi.fn(() => Promise.resolve())
    return (shown = mount(defineComponent({
      components: { Field, FormEnd },
      setup() {
        const [first, second] = [ref(''), ref('')]
        return { first, second, ...useForm({ fields: { first, second }, check: () => (first.value !== second.value ? { second: 'They differ.' } : {}), send: () => send() }) }
      },
      template: `<form ref="form" novalidate @submit.prevent="submit">
        <Field id="first" v-model="first" name="first" label="First" hint="A hint." :error="wrong.first" required />
        <details><Field id="second" v-model="second" name="second" label="Second" :error="wrong.second" /></details>
        <FormEnd :failed="failed" :busy="busy" action="Go" acting="Going" /></form>`,
    }), { attachTo: document.body }))
  }

  it('describes a field by its hint, then by its error as well', async () => {
    show()
    expect(body.get('#first').attributes()).not.toHaveProperty('aria-invalid')
    expect(body.get('#first').attributes('aria-describedby')).toBe('first-hint')
    await submit({ first: '   ' })
    expect(body.get('#first').attributes('aria-describedby')).toBe('first-hint first-error')
    expect(send).not.toHaveBeenCalled()
  })

  it('takes what is typed anew for right, and what only went with it', async () => {
    show()
    await submit({ first: 'a', second: 'b' })
    expect(troubles()).toEqual({ second: 'They differ.' })
    expect(body.get('details').attributes()).toHaveProperty('open') // or there would be nothing to focus
    await body.get('#first').setValue('b')
    expect(troubles()).toEqual({})
  })

  it('keeps what the service said of a field until that field is another', async () => {
    show()
    send.mockRejectedValue(new Failure('Second: is taken.', 409))
    await submit({ first: 'a', second: 'a' })
    await body.get('#first').setValue('b')
    expect(troubles()).toEqual({ second: 'Second: is taken.' })
    await body.get('#second').setValue('b')
    expect(troubles()).toEqual({})
  })

  it('is sent once, by a button that keeps the focus', async () => {
    show()
    let done: (value?: unknown) => void = () => undefined
    send.mockImplementation(() => new Promise((resolve) => { done = resolve }))
    body.get('button').element.focus()
    await submit({ first: 'a', second: 'a' })
    await submit({})
    expect(send).toHaveBeenCalledOnce()
    expect(body.get('button').text()).toBe('Going')
    expect(body.get('button').attributes('aria-disabled')).toBe('true')
    expect(document.activeElement).toBe(body.get('button').element)
    done()
    await flushPromises()
    expect(body.get('button').text()).toBe('Go')
  })
})
