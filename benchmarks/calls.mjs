// The calls that the description-driven tools are given: what a tester takes from the pages of the
// API in a day. `status` is the documented answer, or all of them where the documents leave a choice.
// `signing` is for gateway.mjs. The account is the mock's: docs/benchmark.md has it.
export const account = { stopped: 'ins-000006', resized: 'ins-000007', started: 'ins-000008', stoppedLater: 'ins-000004', rebooted: 'ins-000021', gpu: 'ins-000020', recycled: 'ins-000014', unknown: 'ins-999999' };
const { stopped, resized, started, stoppedLater, rebooted, gpu, recycled, unknown } = account;
const many = Array.from({ length: 101 }, (_, i) => `ins-${900000 + i}`);

const call = (action, body, status, code, signing) => ({ action, body, status, code, signing });
const of = (actions, calls) => actions.flatMap((action) => calls.map(([body, status, code, signing]) => call(action, body, status, code, signing)));

const reads = ['DescribeInstances', 'DescribeInstancesStatus'];
const batches = ['StartInstances', 'StopInstances', 'RebootInstances'];

const reading = of(reads, [
  [{ instanceIds: [stopped] }, 200],
  [{}, 200],
  [{ pageSize: 1000 }, 200],
  [{ pageSize: 2, pageNum: 2 }, 200],
  [{ instanceIds: [unknown] }, [200, 404]],
  [{ pageSize: 1001 }, 400, 'INVALID_PARAMETER_EXCEED_MAXIMUM'],
  [{ pageSize: 'ten' }, 400, 'INVALID_PARAMETER_TYPE'],
  [{ instanceIds: stopped }, 400, 'INVALID_PARAMETER_TYPE'],
  [{ resourceGroupId: 5 }, 400, 'INVALID_PARAMETER_TYPE'],
  [{ instanceIds: many }, [400, 404]],
]).concat(of(['DescribeInstances'], [
  [{ status: 'RUNNING' }, 200],
  [{ name: 'no-such-name' }, [200, 400, 404]],
  [{ zoneId: 5 }, 400, 'INVALID_PARAMETER_TYPE'],
]));

// Only one thing may be wrong with a request: no document says which of several errors wins.
const right = {
  DescribeInstances: {}, DescribeInstancesStatus: {}, ModifyInstanceType: { instanceId: stopped, instanceType: 'z2a.cpu.2' },
  StartInstances: { instanceIds: [stopped] }, StopInstances: { instanceIds: [stoppedLater] }, RebootInstances: { instanceIds: [rebooted] },
};
const authentication = Object.entries(right).flatMap(([action, body]) => of([action], [
  [body, 401, undefined, 'none'],
  [body, 401, undefined, 'wrong-token'],
  [body, 401, 'AUTHFAILURE_INVALID_AUTHORIZATION', 'basic'],
  [body, 401, 'AUTHFAILURE_SIGNATURE_FAILURE', 'wrong-password'],
  [body, 401, 'AUTHFAILURE_SIGNATURE_EXPIRED', 'expired'],
]));

const resizing = of(['ModifyInstanceType'], [
  [{ instanceType: 'z2a.cpu.2' }, 400, 'MISSING_PARAMETER'],
  [{ instanceId: stopped }, 400, 'MISSING_PARAMETER'],
  [{ instanceId: 5, instanceType: 'z2a.cpu.2' }, 400, 'INVALID_PARAMETER_TYPE'],
  [{ instanceId: stopped, instanceType: 5 }, 400, 'INVALID_PARAMETER_TYPE'],
  [{ instanceId: unknown, instanceType: 'z2a.cpu.2' }, 404, 'INVALID_INSTANCE_NOT_FOUND'],
  [{ instanceId: stopped, instanceType: 'no.such.type' }, 404, 'INVALID_INSTANCE_TYPE_NOT_FOUND'],
  [{ instanceId: stopped, instanceType: 'z1a.cpu.2' }, 400, 'OPERATION_FAILED_INSTANCE_TYPE_UNSUPPORTED'],
  [{ instanceId: gpu, instanceType: 'z3a.g.C49.c16m64.2' }, 400, 'OPERATION_DENIED_GPU_INSTANCE_NOT_SUPPORT'],
  [{ instanceId: stoppedLater, instanceType: 'z2a.cpu.2' }, 400, 'OPERATION_DENIED_INSTANCE_STATUS_NOT_SUPPORT'],
  [{ instanceId: recycled, instanceType: 'z2a.cpu.2' }, [400, 403]],
]);

const powering = of(batches, [
  [{}, 400, 'MISSING_PARAMETER'],
  [{ instanceIds: stopped }, 400, 'INVALID_PARAMETER_TYPE'],
  [{ instanceIds: [5] }, 400, 'INVALID_PARAMETER_TYPE'],
]).concat(of(['StartInstances', 'StopInstances'], [
  [{ instanceIds: [unknown] }, [200, 404]],
  [{ instanceIds: [recycled] }, [200, 403]],
]), of(['RebootInstances'], [[{ instanceIds: [unknown] }, [200, 400, 401, 403, 404, 409, 422]]]));

// Each is followed to its end by who can: `then` is the status that it ends in.
const changes = [
  { ...call('ModifyInstanceType', { instanceId: resized, instanceType: 'z2a.cpu.4' }, 200), id: resized, then: 'STOPPED' },
  { ...call('StartInstances', { instanceIds: [started] }, 200), id: started, then: 'RUNNING' },
  { ...call('StopInstances', { instanceIds: [stoppedLater] }, 200), id: stoppedLater, then: 'STOPPED' },
  { ...call('RebootInstances', { instanceIds: [rebooted] }, 200), id: rebooted, then: 'RUNNING' },
];

export const calls = [...reading, ...authentication, ...resizing, ...powering, ...changes];

// post makes a call at the gateway, or at a proxy before it.
export const post = (base, { action, body, signing }) =>
  fetch(`${base}/${action}`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...(signing && { 'X-Signing': signing }) }, body: JSON.stringify(body) });

// follow reads an instance until its change has ended, and returns what is wrong with that, if anything.
export async function follow(base, { id, then }, seen = () => {}) {
  for (let read = 1; read <= 100; read++) {
    const answer = await post(base, { action: 'DescribeInstancesStatus', body: { instanceIds: [id] } });
    seen(answer);
    const status = (await answer.json())?.response?.dataSet?.[0]?.instanceStatus;
    if (status === then && read >= 4) return undefined; // the first reads may come before the change shows
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return `${id} is not ${then} after ten seconds`;
}
