using AmsMigration.Accounts;
using AmsMigration.Metadata;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>What the service refuses of single resources: noted, and the run goes on. Safe for use by several threads.</summary>
internal sealed class ProblemList
{
    private readonly List<AmsExportProblem> _problems = [];

    public AmsExportProblem[] All
    {
        get
        {
            lock (_problems)
            {
                return [.. _problems];
            }
        }
    }

    /// <summary>Asks; where one resource is refused that is noted, and the answer is nothing. What would refuse all others, too, passes through.</summary>
    /// <param name="resource">Path below the account.</param>
    public async Task<T?> AskAsync<T>(string resource, Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (AccountException e) when (e.Status is not (0 or 401))
        {
            Add(new AmsExportProblem { Resource = resource, Code = e.Code, Message = e.Message });
            return default;
        }
    }

    public void Add(AmsExportProblem problem)
    {
        lock (_problems)
        {
            _problems.Add(problem);
        }
    }
}
