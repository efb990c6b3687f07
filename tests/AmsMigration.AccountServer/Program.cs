using System.Security.Cryptography.X509Certificates;
using AmsMigration.TestAccounts;

// usage: AmsMigration.AccountServer FOLDER ACCOUNTS [ASSETS]
// For tests that run in another process. Writes FOLDER/certificate.pem and FOLDER/url, which comes last, and answers until its standard input ends.
string folder = args[0];
await using AccountServer server = await AccountServer.StartAsync();
foreach (string name in args[1].Split(','))
{
    server.Add(MadeAccount.Create(name, args.Length > 2 ? int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture) : 3));
}

await File.WriteAllTextAsync(Path.Combine(folder, "certificate.pem"), server.Certificate.ExportCertificatePem());
string partial = Path.Combine(folder, "url.partial");
await File.WriteAllTextAsync(partial, server.Url.ToString());
File.Move(partial, Path.Combine(folder, "url"), overwrite: true);
await Console.In.ReadToEndAsync();
