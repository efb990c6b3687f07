using AmsMigration.KeyService.Keys;

namespace AmsMigration.KeyService.Policies;

/// <summary>A content key policy: any of its options lets a request in.</summary>
internal sealed record KeyPolicy(IReadOnlyList<IRestriction> Options)
{
    /// <summary>Null where the request may have the key.</summary>
    public async Task<Problem?> CheckAsync(KeyRequest request, CancellationToken cancellation)
    {
        Problem closest = Problem.PolicyMissing;
        foreach (IRestriction option in Options)
        {
            if (await option.CheckAsync(request, cancellation) is not Problem problem)
            {
                return null;
            }

            closest = Problem.Closest(closest, problem);
        }

        return closest;
    }
}

/// <summary>Who may have a key, by one option of a policy.</summary>
internal interface IRestriction
{
    /// <summary>Null where the request may have the key.</summary>
    ValueTask<Problem?> CheckAsync(KeyRequest request, CancellationToken cancellation);
}

/// <summary>Everybody.</summary>
internal sealed class OpenRestriction : IRestriction
{
    public ValueTask<Problem?> CheckAsync(KeyRequest request, CancellationToken cancellation) => default;
}

/// <summary>Nobody: what the option asks for cannot be checked here.</summary>
internal sealed record ClosedRestriction(Problem Problem) : IRestriction
{
    public ValueTask<Problem?> CheckAsync(KeyRequest request, CancellationToken cancellation) => new(Problem);
}
