namespace AmsMigration.StreamingUrls;

/// <summary>Whether an old address plays.</summary>
public sealed class AmsStreamingUrlTest
{
    /// <summary>Without query.</summary>
    public required string OldUrl { get; init; }

    /// <summary>Where the first request went; null where there is no such address.</summary>
    public string? TestedUrl { get; init; }

    /// <summary>Where the manifest was found in the end, behind redirections; null where it was not.</summary>
    public string? FinalUrl { get; init; }

    /// <summary>The manifest, and first and last segment of each rendition, can be had.</summary>
    public bool Works => TestedUrl is not null && Problems.All(problem => !problem.StopsPlayback);

    /// <summary>Of the last answer for the manifest; null where nobody answered.</summary>
    public int? StatusCode { get; init; }

    /// <summary>What the manifest speaks; null where it cannot be read.</summary>
    public AmsStreamingProtocol? Protocol { get; init; }

    public int Redirections { get; init; }

    /// <summary>Renditions whose ends were asked for.</summary>
    public int Renditions { get; init; }

    /// <summary>Initialization segments and segments that were asked for.</summary>
    public int SegmentsChecked { get; init; }

    public AmsStreamingUrlProblem[] Problems { get; init; } = [];

    /// <summary>What to do about the problems.</summary>
    public string[] Advice => [.. Problems.Select(problem => problem.Advice).OfType<string>().Distinct()];

    /// <summary>Null where no map says it.</summary>
    public string? AssetName { get; init; }

    public override string ToString() => $"{OldUrl}: {(Works ? "works" : string.Join(", ", Problems.Select(problem => problem.Code)))}";
}

/// <summary>What is wrong with an address.</summary>
public sealed class AmsStreamingUrlProblem
{
    /// <summary>Stable id, e.g. <c>CorsMissing</c>.</summary>
    public required string Code { get; init; }

    /// <summary>What was asked for, without query.</summary>
    public required string Address { get; init; }

    public required string Message { get; init; }

    /// <summary>False for what only some players mind.</summary>
    public required bool StopsPlayback { get; init; }

    /// <summary>The command that sets it right, or what else to do; null where nobody can know.</summary>
    public string? Advice { get; init; }

    public override string ToString() => $"{Code}: {Address}: {Message}";
}
