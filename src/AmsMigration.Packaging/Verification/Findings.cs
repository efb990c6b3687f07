namespace AmsMigration.Packaging.Verification;

/// <summary>Collects what is wrong; past a hundred of a kind more would say nothing new.</summary>
internal sealed class Findings
{
    private const int MaxOfAKind = 100;

    private readonly List<VerificationFinding> _all = [];

    public IReadOnlyList<VerificationFinding> All => _all;

    public void Add(string code, string file, string message)
    {
        if (_all.Count(finding => finding.Code == code) < MaxOfAKind)
        {
            _all.Add(new VerificationFinding(code, message, file));
        }
    }
}
