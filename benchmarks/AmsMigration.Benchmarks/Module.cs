using System.Globalization;
using AmsMigration.TestSupport;

namespace AmsMigration.Benchmarks;

/// <summary>What the staged module adds to an empty PowerShell.</summary>
internal static class Module
{
    private const int Assets = 500;

    /// <summary>The folder of the staged module; null where there is none, or no PowerShell.</summary>
    public static string? Staged { get; } =
        Path.Combine(Repository.Root, "out", "AmsMigration") is string folder && Tools.PowerShell is not null && Directory.Exists(folder) ? folder : null;

    /// <summary>Why <see cref="Staged"/> is null.</summary>
    public static string Missing => Tools.PowerShell is null ? "no `pwsh`" : "not staged: `dotnet build src/AmsMigration -t:Stage`";

    public static async Task RunAsync(Table table, Material material, int rounds)
    {
        if (Staged is not string staged)
        {
            table.AddMissing("`Import-Module`", Missing);
            return;
        }

        string assets = material.Assets(Assets);
        List<Measured> empty = [], import = [], list = [];
        for (int i = 0; i < rounds; i++)
        {
            empty.Add(await PowerShellAsync("exit"));
            import.Add(await PowerShellAsync($"Import-Module '{staged}'"));
            list.Add(await PowerShellAsync($"Import-Module '{staged}'; if (@(Get-AmsAsset '{assets}/*').Count -ne {Assets}) {{ throw 'not all of them' }}"));
        }

        Measured shell = Measured.Median(empty);
        Measured imported = Measured.Median(import);
        Measured listed = Measured.Median(list);
        table.Add("`pwsh`", shell);
        table.Add("`pwsh`, `Import-Module`", imported, string.Create(CultureInfo.InvariantCulture, $"{imported.Seconds - shell.Seconds:0.00} s more"));
        table.Add(
            $"`pwsh`, `Import-Module`, `Get-AmsAsset` of {Assets}",
            listed,
            string.Create(CultureInfo.InvariantCulture, $"{(listed.Seconds - imported.Seconds) / Assets * 1000:0.0} ms an asset"));
    }

    public static Task<Measured> PowerShellAsync(string script) =>
        Measured.RunAsync(Tools.PowerShell!, "-NoProfile", "-NonInteractive", "-Command", $"$ErrorActionPreference = 'Stop'; {script}");
}
