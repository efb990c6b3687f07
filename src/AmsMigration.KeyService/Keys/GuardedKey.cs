using AmsMigration.KeyService.Policies;
using AmsMigration.Packaging.Protection;

namespace AmsMigration.KeyService.Keys;

/// <summary>A key and what guards it. It is read when somebody may have it, and then kept. Safe for use by several threads.</summary>
/// <param name="policies">All of them must let a request in: an account could publish one key under several.</param>
internal sealed class GuardedKey(Guid id, IReadOnlyList<KeyPolicy> policies, Func<Task<ContentKey>> read)
{
    private readonly Lock _starting = new();
    private Task<ContentKey>? _reading;

    public Guid Id => id;

    /// <summary>Null where the request may have the key.</summary>
    public async Task<Problem?> CheckAsync(KeyRequest request, CancellationToken cancellation)
    {
        if (policies.Count == 0)
        {
            return Problem.PolicyMissing;
        }

        foreach (KeyPolicy policy in policies)
        {
            if (await policy.CheckAsync(request, cancellation) is Problem problem)
            {
                return problem;
            }
        }

        return null;
    }

    /// <summary>16 bytes. What failed is tried again by the next request.</summary>
    public async Task<byte[]> ReadAsync(CancellationToken cancellation)
    {
        Task<ContentKey> reading;
        lock (_starting)
        {
            reading = _reading is null or { IsFaulted: true } or { IsCanceled: true } ? _reading = Task.Run(read, CancellationToken.None) : _reading;
        }

        return (await reading.WaitAsync(cancellation)).GetBytes();
    }
}
