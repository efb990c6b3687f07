using System.Text.Json;
using AmsMigration.TestSupport;

namespace AmsMigration.Module.Tests;

/// <summary>Runs each Pester suite of tests/pester in a fresh shell against the staged module.</summary>
public sealed class PesterTests : IDisposable
{
    private const int NoPester = 3;
    private static readonly string _suites = Path.Combine(Repository.Root, "tests", "pester");

    private readonly string _report = Path.GetTempFileName();

    public static TheoryData<string> Suites { get; } =
        [.. Directory.GetFiles(_suites, "*.Tests.ps1").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    public void Dispose() => File.Delete(_report);

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Suite_passes(string suite)
    {
        Assert.SkipWhen(Tools.PowerShell is null, "pwsh is not on this machine");
        File.Delete(_report);

        (int exitCode, string output, string error) = await ProcessRunner.RunAsync(
            Tools.PowerShell!,
            ["-NoProfile", "-NonInteractive", "-File", Path.Combine(_suites, "Run.ps1"),
                "-Suite", Path.Combine(_suites, suite), "-Module", StagedModule.Manifest, "-Report", _report],
            TimeSpan.FromMinutes(10), folder: Path.GetTempPath());

        Assert.SkipWhen(exitCode == NoPester, "pwsh is on this machine, but not Pester 5");
        Assert.True(exitCode == 0 && File.Exists(_report), $"Exit code {exitCode}\n{output}\n{error}");
        JsonElement report = JsonDocument.Parse(await File.ReadAllTextAsync(_report)).RootElement;
        string[] failures = [.. report.GetProperty("Failures").EnumerateArray().Select(f => $"{f.GetProperty("Name")}\n{f.GetProperty("Error")}")];
        Assert.True(failures.Length == 0, $"{failures.Length} failed in {suite}:\n\n{string.Join("\n\n", failures)}");
        Assert.True(report.GetProperty("Passed").GetInt32() > 0, $"{suite} ran no test:\n{output}");
        foreach (JsonElement skipped in report.GetProperty("Skipped").EnumerateArray())
        {
            TestContext.Current.SendDiagnosticMessage($"{suite} skipped: {skipped}");
        }
    }
}
