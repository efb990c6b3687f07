namespace AmsMigration.StreamingUrls.Testing;

/// <summary>Collects what is wrong with one address, each kind once for each thing that was asked for.</summary>
internal sealed class ProblemList
{
    /// <summary>What only some players mind.</summary>
    private static readonly HashSet<string> Minor = ["CorsMissing", "ContentTypeWrong", "ProtocolDiffers"];

    private readonly List<AmsStreamingUrlProblem> _all = [];

    public AmsStreamingUrlProblem[] All => [.. _all];

    public void Add(string code, Uri address, string message, string? contentType = null)
    {
        string shown = address.GetLeftPart(UriPartial.Path);

        // One setting of the whole host, or one that repeats for each of a thousand files, is said once.
        if (_all.All(problem => problem.Code != code || (!Minor.Contains(code) && problem.Address != shown)))
        {
            _all.Add(new AmsStreamingUrlProblem
            {
                Code = code,
                Address = shown,
                Message = message,
                StopsPlayback = !Minor.Contains(code),
                Advice = StreamingUrlAdvice.For(code, address, contentType),
            });
        }
    }
}
